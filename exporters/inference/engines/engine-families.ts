import { formatValue } from '../../../kit/exposition/format-value.ts';
import { type Family, renderLabels } from '../../../kit/exposition/samples.ts';
import type { Metric } from '../../../metrics/define.ts';
import { inference } from '../../../metrics/inference.ts';
import type { SeenEngine } from './sighting.ts';
import type { NativeHistogram, UnifiedSeries } from './unified-series.ts';

/**
 * The series of all engines. Beside the labels of the catalogue they have `engine`, which tells two servers of one model apart as the
 * instance does where each is scraped by itself. Histograms keep the bounds of their engine.
 */
export function engineFamilies(seen: readonly SeenEngine[]): readonly Family[] {
  const lines = new Map<string, string[]>();
  for (const { engine, sighting } of seen) {
    for (const series of sighting?.series ?? []) {
      const family = lines.get(series.name) ?? [];
      lines.set(series.name, family);
      family.push(linesOf(series, { engine: engine.name, engine_kind: engine.kind }));
    }
  }
  const metrics: readonly Metric[] = Object.values(inference);
  return metrics.flatMap(({ name, kind, unit, help }) => {
    const own = lines.get(name);
    return own === undefined ? [] : [{ name, kind, unit, help, lines: own }];
  });
}

function linesOf({ name, labels, value }: UnifiedSeries, own: Readonly<Record<string, string>>): string {
  const all: Readonly<Record<string, string>> = { ...own, ...labels };
  const names = Object.keys(all);
  if (typeof value === 'number') return `${name}${renderLabels(names, all)} ${formatValue(value)}\n`;
  return histogramLines(name, names, all, value);
}

function histogramLines(
  name: string,
  names: readonly string[],
  labels: Readonly<Record<string, string>>,
  { buckets, sum, count }: NativeHistogram,
): string {
  const withBound = [...names, 'le'];
  const bucketLines = buckets.map(
    ([bound, below]) =>
      `${name}_bucket${renderLabels(withBound, { ...labels, le: formatValue(bound) })} ${formatValue(below)}\n`,
  );
  const own = renderLabels(names, labels);
  return `${bucketLines.join('')}${name}_sum${own} ${formatValue(sum)}\n${name}_count${own} ${formatValue(count)}\n`;
}
