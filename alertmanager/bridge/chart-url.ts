import type { AlertView } from './message.ts';

const placeholders = ['cluster', 'node', 'uuid', 'alertname', 'from', 'to'] as const;
const placeholder = /\{([^{}]*)\}/g;
/** How much of the time before an alert its chart shows. */
const leadMs = 3600_000;

/** Why a template of a chart cannot be used; undefined if it can. */
export function chartTemplateFault(template: string): string | undefined {
  const unknown = [...template.matchAll(placeholder)].find(([, name = '']) => !isPlaceholder(name));
  if (unknown !== undefined)
    return `has the unknown placeholder ${unknown[0]}; it may have ${placeholders.map((name) => `{${name}}`).join(', ')}`;
  const sample = template.replaceAll(placeholder, 'x');
  if (!URL.canParse(sample) || !/^https?:$/.test(new URL(sample).protocol)) return 'must be an http or https address';
  return new URL(template.replaceAll(placeholder, 'a.b')).host === new URL(template.replaceAll(placeholder, 'c.d')).host
    ? undefined
    : 'must not have a placeholder in its host: labels come from whoever makes alerts';
}

/** `{from}` and `{to}` are Unix milliseconds, as Grafana has them; a label that the alert lacks is empty. */
export function chartUrl(template: string, { name, labels, startsAtMs }: AlertView, nowMs: number): string {
  const values: Readonly<Record<string, string | undefined>> = {
    ...labels,
    alertname: name,
    from: String(startsAtMs - leadMs),
    to: String(nowMs),
  };
  return template.replaceAll(placeholder, (_, key: string) => encodeURIComponent(values[key] ?? ''));
}

function isPlaceholder(name: string): boolean {
  return placeholders.some((known) => known === name);
}
