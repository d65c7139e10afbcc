import type { Engine, EngineSeries, StatusRule } from '../../../metrics/engines/engine.ts';
import { inference } from '../../../metrics/inference.ts';
import type { NativeSample } from './exposition-reader.ts';
import { histogramsOf, keyOf, type LabelledHistogram, type SamplesByName, sumsOf } from './native-histograms.ts';
import { collapsed, createSeriesSum } from './series-sum.ts';
import type { UnifiedSeries } from './unified-series.ts';

/** Every name in the page of the engine that is read. */
export function nativeNames(series: readonly EngineSeries[]): ReadonlySet<string> {
  return new Set(
    series.flatMap((each) => [
      ...namesOf(each).flatMap((name) =>
        isHistogram(each) ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name],
      ),
      ...(each.countedBy === undefined ? [] : [each.countedBy]),
    ]),
  );
}

/** What the samples of an engine say in the words of the catalogue. `modelName` is for an engine that does not tell it. */
export function unify(
  { series, modelLabels }: Engine,
  samples: readonly NativeSample[],
  modelName: string | undefined,
): readonly UnifiedSeries[] {
  const byName = withoutRepetition(samples);
  const sum = createSeriesSum();
  for (const each of series) {
    for (const { labels, value } of valuesOf(each, byName)) {
      if (!meets(each, labels)) continue;
      const model = modelLabels.map((label) => labels[label]).find((name) => name !== undefined && name !== '');
      sum.add({
        name: each.unified,
        labels: { model_name: model ?? modelName ?? collapsed, ...statusLabels(each, labels) },
        value,
      });
    }
  }
  return sum.series();
}

/** A series that comes twice would be added to itself. The first one counts, as for Prometheus. */
function withoutRepetition(samples: readonly NativeSample[]): SamplesByName {
  const byName = new Map<string, Map<string, NativeSample>>();
  for (const sample of samples) {
    const known = byName.get(sample.name) ?? new Map<string, NativeSample>();
    byName.set(sample.name, known);
    const key = keyOf(sample.labels);
    if (!known.has(key)) known.set(key, sample);
  }
  return new Map([...byName].map(([name, known]) => [name, [...known.values()]]));
}

interface Labelled {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: UnifiedSeries['value'];
}

function valuesOf(series: EngineSeries, byName: SamplesByName): readonly Labelled[] {
  const { unitsPerBase = 1, countedBy } = series;
  const name = presentName(series, byName);
  if (name === undefined) return [];
  if (countedBy !== undefined) return sumsOf(byName, { sum: name, count: countedBy, unitsPerBase }).map(asValue);
  if (isHistogram(series)) return histogramsOf(byName, name, unitsPerBase).map(asValue);
  return (byName.get(name) ?? []).filter(({ value }) => Number.isFinite(value));
}

function asValue({ labels, histogram }: LabelledHistogram): Labelled {
  return { labels, value: histogram };
}

/** The newest of its names that the page has. A version may show two of them with the same values. */
function presentName(series: EngineSeries, byName: SamplesByName): string | undefined {
  return namesOf(series).find((name) => byName.has(isHistogram(series) ? `${name}_count` : name));
}

function namesOf({ native, formerly = [] }: EngineSeries): readonly string[] {
  return [native, ...formerly];
}

/** Whether the engine has it as a histogram; of a sum alone we make one. */
function isHistogram({ unified, countedBy }: EngineSeries): boolean {
  return inference[unified].kind === 'histogram' && countedBy === undefined;
}

function meets({ where = {} }: EngineSeries, labels: Readonly<Record<string, string>>): boolean {
  return Object.entries(where).every(([label, value]) => (labels[label] ?? '') === value);
}

function statusLabels(
  { unified, status }: EngineSeries,
  labels: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  if (unified !== 'inference_requests_total' || status === undefined) return {};
  if (typeof status === 'string') return { status, reason: '' };
  const reason = labels[status.from] ?? '';
  return { status: statusOf(status, reason), reason };
}

function statusOf({ cases, otherwise }: StatusRule, reason: string): string {
  return cases.find(({ match }) => new RegExp(`^(?:${match})$`).test(reason))?.status ?? otherwise;
}
