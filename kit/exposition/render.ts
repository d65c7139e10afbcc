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
  const text = [...merge(families)].flatMap((family) => [header(family), ...linesOf(format, family)]).join('');
  return format === 'text' ? text : `${text}# EOF\n`;
}

function linesOf(format: Format, { lines, linesWithExemplars }: Family): readonly string[] {
  return format === 'openmetrics' ? (linesWithExemplars ?? lines) : lines;
}

function merge(families: readonly Family[]): Iterable<Family> {
  const byName = new Map<string, Family>();
  for (const family of families) {
    const before = byName.get(family.name);
    byName.set(family.name, before === undefined ? family : together(before, family));
  }
  return byName.values();
}

function together(one: Family, other: Family): Family {
  return {
    ...one,
    lines: [...one.lines, ...other.lines],
    linesWithExemplars: [...linesOf('openmetrics', one), ...linesOf('openmetrics', other)],
  };
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
