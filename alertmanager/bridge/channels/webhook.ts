import { createHmac } from 'node:crypto';
import { delivered, failedFor, verdictOfStatus } from '../answers/verdicts.ts';
import { shortened } from '../letter/clean-text.ts';
import { webLink } from '../letter/web-link.ts';
import type { AlertView, Message } from '../message.ts';
import { oneKeyOf, openUrl, optionalKey, robotFields, secretFile } from '../settings/robot-fields.ts';
import { secretUrl } from '../settings/secret-url.ts';
import { titleOf } from '../texts/title.ts';
import { type ChannelAnswer, defineChannel, type Verdict } from './channel.ts';

/** A program of one's own that takes a message as JSON. docs/guides/bridge-channels.md describes its fields. */
export interface Webhook {
  readonly url?: string;
  readonly url_file?: string;
  /** Sent as `Authorization: Bearer`. */
  readonly credentials_file?: string;
  /** Signs the body: `X-FleetLens-Signature-256: sha256=` and HMAC-SHA256 in hexadecimal. */
  readonly secret_file?: string;
}

const limits = { bodyBytes: 1_000_000, messages: 120, seconds: 60 } as const;
const textBytes = 2000;
const mostLabels = 64;

export const webhook = defineChannel<Webhook>({
  name: 'webhook',
  limits,
  parse(value, path) {
    const field = robotFields(value, path, ['url', 'url_file', 'credentials_file', 'secret_file']);
    const [key, place] = oneKeyOf(field, path, ['url', 'url_file']);
    return {
      [key]: key === 'url' ? openUrl(place) : secretFile(place),
      ...optionalKey(field, 'credentials_file', secretFile),
      ...optionalKey(field, 'secret_file', secretFile),
    };
  },
  secretFiles: ({ url_file, credentials_file, secret_file }) =>
    [url_file, credentials_file, secret_file].filter((file) => file !== undefined),
  render(message, { url, url_file, credentials_file, secret_file }, context) {
    const body = bodyOf(message, context.nowMs);
    const signature =
      secret_file === undefined
        ? undefined
        : createHmac('sha256', context.secret(secret_file)).update(body).digest('hex');
    return [
      {
        url: url_file === undefined ? new URL(url ?? '') : secretUrl(url_file, context),
        method: 'POST',
        headers: {
          'content-type': 'application/json; charset=utf-8',
          ...(credentials_file === undefined ? {} : { authorization: `Bearer ${context.secret(credentials_file)}` }),
          ...(signature === undefined ? {} : { 'x-fleetlens-signature-256': `sha256=${signature}` }),
        },
        body,
      },
    ];
  },
  judge: (answer) => verdictOfStatus(answer) ?? verdictOfPage(answer) ?? delivered,
});

/** A sign-in or a proxy in front of the program answers 200 too. */
function verdictOfPage({ status, body }: ChannelAnswer): Verdict | undefined {
  if (!/^\s*<(!doctype html|html)\b/i.test(body)) return undefined;
  return failedFor(`answered ${status} with a page; is there a proxy or a sign-in in between?`);
}

/** As many alerts as fit; `alerts_left_out` counts the rest. */
function bodyOf(message: Message, nowMs: number): string {
  const head = headOf(message, nowMs);
  const alerts: object[] = [];
  const total = message.firing + message.resolved;
  let bytes = Buffer.byteLength(JSON.stringify({ ...head, alerts_left_out: total, alerts }));
  for (const alert of message.alerts) {
    const view = viewOf(alert);
    bytes += Buffer.byteLength(JSON.stringify(view)) + 1;
    if (bytes > limits.bodyBytes) break;
    alerts.push(view);
  }
  return JSON.stringify({ ...head, alerts_left_out: total - alerts.length, alerts });
}

const mostCounts = 1000;

function headOf(message: Message, nowMs: number): object {
  return {
    version: 1,
    sent_at: timeOf(nowMs),
    kind: message.kind,
    title: shortened(titleOf(message), textBytes),
    status: message.status,
    severity: shortened(message.severity, 40),
    groups: message.groups,
    firing: message.firing,
    resolved: message.resolved,
    counts: message.counts.slice(0, mostCounts).map(({ name, severity, firing, resolved }) => ({
      name: shortened(name, 200),
      severity: shortened(severity, 40),
      firing,
      resolved,
    })),
    common_labels: labelsOf(message.common),
    alertmanager_url: webLink(message.alertmanagerUrl) ?? null,
    acknowledge_url: webLink(message.acknowledgeUrl) ?? null,
  };
}

function viewOf(alert: AlertView): object {
  return {
    status: alert.status,
    fingerprint: shortened(alert.fingerprint, 64),
    name: shortened(alert.name, 200),
    severity: shortened(alert.severity, 40),
    labels: labelsOf(alert.labels),
    summary: shortened(alert.summary, textBytes),
    description: shortened(alert.description, textBytes),
    context: alert.context === undefined ? null : shortened(alert.context, textBytes),
    starts_at: timeOf(alert.startsAtMs),
    ends_at: alert.endsAtMs === undefined ? null : timeOf(alert.endsAtMs),
    runbook_url: webLink(alert.runbookUrl) ?? null,
    dashboard_url: webLink(alert.dashboardUrl) ?? null,
    chart_url: webLink(alert.chartUrl) ?? null,
  };
}

function labelsOf(labels: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const entries = Object.entries(labels).slice(0, mostLabels);
  return Object.fromEntries(entries.map(([name, value]) => [shortened(name, 200), shortened(value, textBytes)]));
}

function timeOf(ms: number): string {
  return new Date(ms).toISOString();
}
