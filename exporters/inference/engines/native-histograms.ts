import { boundOf, type NativeSample } from './exposition-reader.ts';
import type { NativeHistogram } from './unified-series.ts';

export interface LabelledHistogram {
  readonly labels: Readonly<Record<string, string>>;
  readonly histogram: NativeHistogram;
}

/** The samples by the name that they have in the page. */
export type SamplesByName = ReadonlyMap<string, readonly NativeSample[]>;

/** Text that is the same for the same labels in any order. */
export function keyOf(labels: Readonly<Record<string, string>>, without?: string): string {
  const entries = Object.entries(labels).filter(([label]) => label !== without);
  return JSON.stringify(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Puts buckets, sum and count together. A histogram of which a part is missing, or is no number, is left out. */
export function histogramsOf(byName: SamplesByName, name: string, unitsPerBase: number): readonly LabelledHistogram[] {
  const sums = byKey(byName.get(`${name}_sum`));
  const counts = byKey(byName.get(`${name}_count`));
  return [...groupBuckets(byName.get(`${name}_bucket`) ?? [])].flatMap(([key, buckets]) => {
    const [first] = buckets;
    const sum = sums.get(key)?.value;
    const count = counts.get(key)?.value;
    if (first === undefined || sum === undefined || count === undefined) return [];
    const histogram = put({ buckets, sum, count }, unitsPerBase);
    return histogram === undefined ? [] : [{ labels: first.labels, histogram }];
  });
}

/** Histograms without bounds: of the engine's sum and the counter that tells how many are in it. */
export function sumsOf(
  byName: SamplesByName,
  { sum: sumName, count: countName, unitsPerBase }: { sum: string; count: string; unitsPerBase: number },
): readonly LabelledHistogram[] {
  const counts = byKey(byName.get(countName));
  return (byName.get(sumName) ?? []).flatMap(({ labels, value }) => {
    const count = counts.get(keyOf(labels))?.value;
    if (count === undefined || !isCount(count) || !Number.isFinite(value)) return [];
    const buckets = [[Number.POSITIVE_INFINITY, count] as const];
    return [{ labels, histogram: { buckets, sum: value / unitsPerBase, count } }];
  });
}

function byKey(samples: readonly NativeSample[] = []): ReadonlyMap<string, NativeSample> {
  return new Map(samples.map((sample) => [keyOf(sample.labels), sample]));
}

function groupBuckets(samples: readonly NativeSample[]): ReadonlyMap<string, readonly NativeSample[]> {
  const groups = new Map<string, NativeSample[]>();
  for (const sample of samples) {
    const key = keyOf(sample.labels, 'le');
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [sample]);
    else group.push(sample);
  }
  return groups;
}

interface Parts {
  readonly buckets: readonly NativeSample[];
  readonly sum: number;
  readonly count: number;
}

function put({ buckets: samples, sum, count }: Parts, unitsPerBase: number): NativeHistogram | undefined {
  const buckets = samples
    .map(({ labels, value }) => [boundOf(labels['le']), value] as const)
    .flatMap(([bound, value]) => (bound === undefined ? [] : [[bound / unitsPerBase, value] as const]))
    .sort(([a], [b]) => a - b);
  const isWhole = buckets.length === samples.length && buckets.at(-1)?.[0] === Number.POSITIVE_INFINITY;
  const areNumbers = Number.isFinite(sum) && isCount(count) && buckets.every(([, value]) => isCount(value));
  if (!isWhole || !areNumbers) return undefined;
  return { buckets, sum: sum / unitsPerBase, count };
}

function isCount(value: number): boolean {
  return Number.isFinite(value) && value >= 0;
}
