import { reasonOf, SourceError } from '../../../kit/errors.ts';
import { readText } from '../../../kit/http/send-request.ts';
import type { Log } from '../../../kit/log.ts';
import { readSecret } from '../../../kit/server-fields.ts';
import type { ServerConfig } from '../config/bridge-file.ts';
import type { Notification } from '../notification.ts';
import { contextOf } from '../webhook-message.ts';

export interface EnrichDeps {
  readonly readFile: (path: string) => string;
  readonly log: Log;
  readonly onFailure: () => void;
}

const timeoutSeconds = 2;
const maxBytes = 32 * 1024 * 1024;
/** A message shows far fewer in full. */
const mostAlerts = 200;

/**
 * Asks the inventory (POST /api/v1/alerts/context) about the alerts that nothing is known of yet. If it does not answer in time the notification stays as it
 * is. Never rejects.
 */
export async function enrich(
  notification: Notification,
  { url, tokenFile, caFile }: ServerConfig,
  signal: AbortSignal,
  { readFile, log, onFailure }: EnrichDeps,
): Promise<Notification> {
  const unknown = notification.alerts.filter(({ context }) => context === undefined).slice(0, mostAlerts);
  if (unknown.length === 0) return notification;
  try {
    const answer = await readText(
      {
        url: new URL(`${url.pathname.replace(/\/$/, '')}/api/v1/alerts/context`, url),
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(tokenFile === undefined ? {} : { authorization: `Bearer ${readSecret(tokenFile, readFile)}` }),
        },
        body: JSON.stringify(unknown.map(({ labels }) => ({ labels }))),
        trust: caFile === undefined ? {} : { ca: readFile(caFile) },
        timeoutSeconds,
        signal,
      },
      maxBytes,
    );
    if (answer.status !== 200) throw new SourceError(`it answered ${answer.status}`);
    const contexts = contextsIn(answer.body, unknown.length);
    const byAlert = new Map(unknown.map((alert, index) => [alert, contexts[index] ?? '']));
    const alerts = notification.alerts.map((alert) => {
      const context = byAlert.get(alert) ?? '';
      return context === '' ? alert : { ...alert, context };
    });
    return { ...notification, alerts };
  } catch (error) {
    onFailure();
    log.warn('alerts go out without what the inventory knows', { reason: reasonOf(error) });
    return notification;
  }
}

function contextsIn(body: string, count: number): readonly string[] {
  const alerts: unknown = JSON.parse(body);
  if (!Array.isArray(alerts) || alerts.length !== count) throw new SourceError('its answer is no list of the alerts');
  return alerts.map((alert: { readonly annotations?: unknown } | null) => {
    const annotations = Object.entries(alert?.annotations ?? {}).filter(([, value]) => typeof value === 'string');
    return contextOf(Object.fromEntries(annotations));
  });
}
