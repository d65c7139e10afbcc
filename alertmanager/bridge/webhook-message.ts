import { badField } from '../../kit/api/api-error.ts';
import { preview } from '../../kit/options/preview.ts';
import { shortenedTo } from './letter/clean-text.ts';
import type { AlertView } from './message.ts';
import type { Notification } from './notification.ts';

/** More than any fleet fires in one group; Alertmanager itself takes far fewer at once. */
const maxAlerts = 50_000;
const maxLabels = 64;
const maxLabelCharacters = 256;
const maxSummary = 500;
const maxDescription = 4_000;
const maxContext = 1_000;
const maxUrl = 2_000;
const maxGroupKey = 16_384;

type Fields = Readonly<Record<string, unknown>>;
type Texts = Readonly<Record<string, string>>;

/**
 * Version 4 of the message of Alertmanager's webhook (prometheus.io/docs/alerting/latest/configuration/#webhook_config), with texts cleaned and cut.
 * Throws ApiError that names the field.
 */
export function notificationOf(body: unknown, bytes: number): Notification {
  const message = fieldsAt(body, 'body');
  if (message['version'] !== '4') throw badField('version', `must be "4", got ${preview(message['version'])}`);
  const { groupKey, alerts, externalURL } = message;
  if (typeof groupKey !== 'string' || groupKey === '' || groupKey.length > maxGroupKey)
    throw badField('groupKey', `must be a text of 1 to ${maxGroupKey} characters`);
  if (!Array.isArray(alerts) || alerts.length === 0) throw badField('alerts', 'must be a list with at least one alert');
  if (alerts.length > maxAlerts)
    throw badField('alerts', `at most ${maxAlerts} are taken at once, got ${alerts.length}`);
  return {
    groupKey,
    groupLabels: textsAt(message['groupLabels'] ?? {}, 'groupLabels'),
    alerts: alerts.map((alert, index) => alertAt(alert, `alerts[${index}]`)),
    alertmanagerUrl: webUrl(typeof externalURL === 'string' ? externalURL : undefined),
    bytes,
  };
}

function alertAt(value: unknown, path: string): AlertView {
  const alert = fieldsAt(value, path);
  const { status, fingerprint, endsAt } = alert;
  if (status !== 'firing' && status !== 'resolved')
    throw badField(`${path}.status`, `must be firing or resolved, got ${preview(status)}`);
  if (typeof fingerprint !== 'string' || !/^[\w-]{1,64}$/.test(fingerprint))
    throw badField(`${path}.fingerprint`, `must be a hexadecimal number, got ${preview(fingerprint)}`);
  const labels = boundedLabels(textsAt(alert['labels'], `${path}.labels`));
  const annotations = textsAt(alert['annotations'] ?? {}, `${path}.annotations`);
  const startsAtMs = timeAt(alert['startsAt'], `${path}.startsAt`);
  return {
    status,
    fingerprint,
    name: labels['alertname'] ?? 'an alert without a name',
    severity: labels['severity'] ?? 'info',
    labels,
    ...textsOf(annotations),
    startsAtMs,
    ...(status === 'resolved' ? { endsAtMs: timeAt(endsAt, `${path}.endsAt`) } : {}),
  };
}

function textsOf(annotations: Texts): Pick<AlertView, 'summary' | 'description'> {
  const { summary = '', message = '', description = '', runbook_url, dashboard_url } = annotations;
  const context = contextOf(annotations);
  const runbookUrl = webUrl(runbook_url);
  const dashboardUrl = webUrl(dashboard_url);
  return {
    summary: shortenedTo(summary === '' ? message : summary, maxSummary),
    description: shortenedTo(description, maxDescription),
    ...(context === '' ? {} : { context }),
    ...(runbookUrl === undefined ? {} : { runbookUrl }),
    ...(dashboardUrl === undefined ? {} : { dashboardUrl }),
  };
}

/** Annotations that the inventory adds, in the order in which a person asks. */
const inventory = ['cmdb_rack', 'cmdb_owner', 'cmdb_on_call', 'cmdb_service', 'cmdb_impact', 'cmdb_maintenance'];

/** Who and where: from the rule, else from the inventory. Empty if neither says anything. */
export function contextOf(annotations: Texts): string {
  const own = shortenedTo(annotations['context'] ?? '', maxContext);
  if (own !== '') return own;
  const known = inventory.flatMap((name) => {
    const value = annotations[name];
    return value === undefined || value === '' ? [] : [`${name.slice('cmdb_'.length).replace('_', ' ')}: ${value}`];
  });
  return shortenedTo(known.join('; '), maxContext);
}

function boundedLabels(labels: Texts): Texts {
  const entries = Object.entries(labels).slice(0, maxLabels);
  return Object.fromEntries(
    entries.map(([name, value]) => [shortenedTo(name, maxLabelCharacters), shortenedTo(value, maxLabelCharacters)]),
  );
}

/** Only what a browser opens: a link of another scheme would run something in the program that shows it. */
function webUrl(text: string | undefined): string | undefined {
  if (text === undefined || text.length > maxUrl || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  return url.protocol === 'http:' || url.protocol === 'https:' ? url.href : undefined;
}

function timeAt(value: unknown, path: string): number {
  const time = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  if (Number.isFinite(time)) return time;
  throw badField(path, `must be a time such as 2026-01-31T12:00:00Z, got ${preview(value)}`);
}

function fieldsAt(value: unknown, path: string): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  throw badField(path, `must be an object, got ${preview(value)}`);
}

function textsAt(value: unknown, path: string): Texts {
  const fields = fieldsAt(value, path);
  const wrong = Object.entries(fields).find(([, each]) => typeof each !== 'string');
  if (wrong !== undefined)
    throw badField(`${path}.${shortenedTo(wrong[0], 80)}`, `must be a text, got ${preview(wrong[1])}`);
  return fields as Texts;
}
