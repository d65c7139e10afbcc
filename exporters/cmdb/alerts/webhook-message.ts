import type { AlertContext } from './alert-context.ts';
import { annotationsOf, type ContextAnnotations } from './context-annotations.ts';
import type { Labels } from './items-of-alert.ts';

/** An alert as Alertmanager and Prometheus write it; all else in it stays as it is. */
export interface WebhookAlert {
  readonly labels: Labels;
  readonly annotations?: Labels;
  readonly [field: string]: unknown;
}

/** Version 4 of Alertmanager's webhook message; fields that a newer version has stay as they are. */
export interface WebhookMessage {
  readonly alerts: readonly WebhookAlert[];
  readonly commonAnnotations?: Labels;
  readonly [field: string]: unknown;
}

/** The message with what is known of each alert in annotations. Labels, order and number of alerts stay; what has an annotation of that name keeps it. */
export function withContext(
  message: WebhookMessage,
  contexts: readonly (AlertContext | undefined)[],
  externalUrl: string | undefined,
): WebhookMessage {
  const added = contexts.map((context) => (context === undefined ? {} : annotationsOf(context, externalUrl)));
  const alerts = message.alerts.map((alert, index) => annotated(alert, added[index] ?? {}));
  if (message.commonAnnotations === undefined) return { ...message, alerts };
  return { ...message, alerts, commonAnnotations: { ...common(alerts, added), ...message.commonAnnotations } };
}

export function annotated(alert: WebhookAlert, added: ContextAnnotations): WebhookAlert {
  if (Object.keys(added).length === 0) return alert;
  return { ...alert, annotations: { ...added, ...alert.annotations } };
}

/** Templates show what all alerts of a group have in common. */
function common(alerts: readonly WebhookAlert[], added: readonly ContextAnnotations[]): Labels {
  const [first] = added;
  return Object.fromEntries(
    Object.keys(first ?? {}).flatMap((name) => {
      const [value, ...others] = alerts.map(({ annotations }) => annotations?.[name]);
      return value !== undefined && others.every((other) => other === value) ? [[name, value]] : [];
    }),
  );
}
