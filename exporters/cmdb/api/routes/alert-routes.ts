import { notFound } from '../../../../kit/api/api-error.ts';
import { type JsonSchema, jsonBody, type Route, routeOf } from '../../../../kit/api/route.ts';
import type { AlertContexts } from '../../alerts/alert-contexts.ts';
import type { AlertRelay } from '../../alerts/relay.ts';
import { type WebhookAlert, type WebhookMessage, withContext } from '../../alerts/webhook-message.ts';

export interface AlertServices {
  readonly contexts: AlertContexts;
  readonly relay: AlertRelay;
  /** Where people reach this daemon, for links; undefined leaves them out. */
  readonly externalUrl: string | undefined;
}

const route = routeOf<AlertServices>();
const tag = 'Alerts';
/** A message of Alertmanager has all alerts of a group, and a failed switch makes many. */
const maxBytes = 16 * 1024 * 1024;
const maxAlerts = 20_000;

const texts = { type: 'object', maxProperties: 500, additionalProperties: { type: 'string' } } as const;
const alert = {
  type: 'object',
  required: ['labels'],
  properties: { labels: texts, annotations: texts },
} as const;
const alerts = { type: 'array', maxItems: maxAlerts, items: alert } as const;
const message: JsonSchema = {
  type: 'object',
  required: ['alerts'],
  properties: { version: { type: 'string' }, alerts, commonAnnotations: texts },
};
/** What is passed on may be of another version: whatever Alertmanager sends must arrive. */
const relayed: JsonSchema = {
  type: 'object',
  required: ['alerts'],
  properties: { alerts: { type: 'array', items: { type: 'object' } } },
};
const example = {
  version: '4',
  alerts: [{ status: 'firing', labels: { alertname: 'GpuTooHot', node: 'node-17', gpu_id: '3' }, annotations: {} }],
} as const;

export const alertRoutes: readonly Route<AlertServices>[] = [
  route({
    method: 'post',
    path: '/api/v1/alerts/context',
    tag,
    id: 'addAlertContext',
    access: 'reader',
    summary: 'Gives alerts back with what the inventory knows of them, in annotations that begin with cmdb_.',
    about:
      'Labels, order and number of the alerts stay as they are. What the inventory does not know gets nothing, and an annotation that is there already stays.',
    parameters: {},
    body: jsonBody<WebhookMessage | readonly WebhookAlert[]>({
      about: "A message of Alertmanager's webhook, or a list of alerts.",
      schema: { anyOf: [message, alerts] },
      example,
      maxBytes,
    }),
    answers: { 200: { about: 'The same with annotations.', schema: { anyOf: [message, alerts] } } },
    handle: async ({ body }, { contexts, externalUrl }) => {
      const given: WebhookMessage = isList(body) ? { alerts: body } : body;
      const enriched = withContext(given, await contexts.of(given.alerts), externalUrl);
      return { json: isList(body) ? enriched.alerts : enriched };
    },
  }),
  route({
    method: 'post',
    path: '/api/v1/alerts/relay/{name}',
    tag,
    id: 'relayAlerts',
    access: 'editor',
    summary: "Adds to a message of Alertmanager's webhook what the inventory knows, and passes it on.",
    about:
      'Only to receivers of the configuration. If the inventory does not answer within 2 s the message is passed on as it came. What the receiver answers is answered, so that Alertmanager tries again where that helps.',
    parameters: {
      name: {
        in: 'path',
        type: 'text',
        pattern: '^[a-z0-9][a-z0-9_-]{0,49}$',
        form: 'the name of a relay of the configuration',
        about: 'Name of the relay.',
      },
    },
    body: jsonBody<WebhookMessage>({
      about: "A message of Alertmanager's webhook.",
      schema: relayed,
      example,
      maxBytes,
    }),
    answers: { 200: { about: 'The receiver has taken it.', schema: { type: 'object' } } },
    handle: async ({ parameters: { name }, body, signal }, { relay }) => {
      const outcome = await relay.send(name, body, signal);
      if (outcome === undefined) throw notFound(`there is no relay ${name}; see alert_relays in the configuration`);
      const { status, reason, isEnriched } = outcome;
      if (reason === undefined) return { json: { enriched: isEnriched } };
      return { status, json: { error: { code: 'receiver', message: reason } } };
    },
  }),
];

function isList(body: WebhookMessage | readonly WebhookAlert[]): body is readonly WebhookAlert[] {
  return Array.isArray(body);
}
