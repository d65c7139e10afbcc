import type { Family } from './samples.ts';

/** Prometheus text 0.0.4, or OpenMetrics 1.0.0. */
export type Format = 'text' | 'openmetrics';

export const contentTypes: Readonly<Record<Format, string>> = {
  text: 'text/plain; version=0.0.4; charset=utf-8',
  openmetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
};

/** The whole answer to a scrape. Families of one name are put together, as both formats demand. */
export function renderExposition(format: Format, families: readonly Family[]): string {
  const header = format === 'text' ? textHeader : openMetricsHeader;
  const text = [...merge(families)].flatMap((family) => [header(family), ...family.lines]).join('');
  return format === 'text' ? text : `${text}# EOF\n`;
}

function merge(families: readonly Family[]): Iterable<Family> {
  const byName = new Map<string, Family>();
  for (const family of families) {
    const before = byName.get(family.name);
    byName.set(family.name, before === undefined ? family : { ...before, lines: [...before.lines, ...family.lines] });
  }
  return byName.values();
}

function textHeader({ name, kind, help }: Family): string {
  return `# HELP ${name} ${escapeHelp(help)}\n# TYPE ${name} ${kind === 'info' ? 'gauge' : kind}\n`;
}

/**
 * OpenMetrics names the family without the suffix of counters and info series, and knows units. A counter without the suffix, as
 * foreign names have it, must not be called one.
 */
function openMetricsHeader({ name, kind: declared, unit, help }: Family): string {
  const kind = declared === 'counter' && !name.endsWith('_total') ? 'unknown' : declared;
  const family =
    kind === 'counter' ? withoutSuffix(name, '_total') : kind === 'info' ? withoutSuffix(name, '_info') : name;
  const unitLine = unit !== 'none' && family.endsWith(`_${unit}`) ? `# UNIT ${family} ${unit}\n` : '';
  return `# TYPE ${family} ${kind}\n${unitLine}# HELP ${family} ${escapeHelp(help).replaceAll('"', '\\"')}\n`;
}

function withoutSuffix(name: string, suffix: string): string {
  return name.endsWith(suffix) ? name.slice(0, -suffix.length) : name;
}

function escapeHelp(help: string): string {
  return help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}
