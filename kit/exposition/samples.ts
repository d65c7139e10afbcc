import type { Kind, LabelsOf, Metric, Unit } from '../../metrics/define.ts';
import { formatValue } from './format-value.ts';

/** A metric family with its sample lines ready to send. The lines are the same in both exposition formats, but for exemplars. */
export interface Family {
  readonly name: string;
  readonly kind: Kind | 'summary';
  readonly unit: Unit;
  readonly help: string;
  /** Lines with their newlines, any number in each text; joined only once, when a scrape is rendered. */
  readonly lines: readonly string[];
  /** The same lines with exemplars, which only OpenMetrics may hold; where it is left out there are none. */
  readonly linesWithExemplars?: readonly string[];
}

/** Takes one sample: a name of the catalogue with exactly its labels. A value that is undefined is missing and not emitted. */
export type Emit<C> = <N extends keyof C & string>(
  name: N,
  labels: Readonly<Record<LabelsOf<C[N]>, string>>,
  value: number | bigint | undefined,
) => void;

/** Counts by bucket, not cumulative, the last one for what is above every bound. */
export interface HistogramValue {
  readonly counts: readonly number[];
  readonly sum: number;
}

type HistogramName<C> = {
  readonly [N in keyof C & string]: C[N] extends Metric<string, 'histogram'> ? N : never;
}[keyof C & string];

/** Takes one histogram, with as many counts as its metric has bounds and one more. */
export type EmitHistogram<C> = <N extends HistogramName<C>>(
  name: N,
  labels: Readonly<Record<LabelsOf<C[N]>, string>>,
  value: HistogramValue,
) => void;

export interface SampleWriter<C> {
  readonly emit: Emit<C>;
  readonly emitHistogram: EmitHistogram<C>;
  /** The families that got samples, in the order of the catalogue. */
  readonly families: () => readonly Family[];
}

/** Lines that are joined into one string at a time: few enough to stay young for the garbage collector. */
const linesPerChunk = 256;

/**
 * Writes samples of one catalogue straight into exposition lines. Made anew for each collection, so a series that is no longer
 * emitted is gone. A labels object must not be changed once it was emitted: one that comes again is not rendered again.
 */
export function createSampleWriter<C extends Readonly<Record<string, unknown>>>(catalogue: C): SampleWriter<C> {
  const metrics = catalogue as unknown as Readonly<Record<string, Metric>>;
  const open = new Map<string, OpenFamily>();
  let lastLabels: object | undefined;
  let lastNames: readonly string[] | undefined;
  let lastText = '';

  function openFamily(name: string): OpenFamily {
    const metric = metrics[name];
    if (metric === undefined) throw new TypeError(`${name} is not in the catalogue`);
    const family = { metric, pending: [], chunks: [] };
    open.set(name, family);
    return family;
  }

  return {
    emit: (name, labels, value) => {
      if (value === undefined) return;
      const family = open.get(name) ?? openFamily(name);
      const names = family.metric.labels;
      if (labels !== lastLabels || names !== lastNames) {
        lastText = flat(`${renderLabels(names, labels)} `);
        lastLabels = labels;
        lastNames = names;
      }
      family.pending.push(lastText + formatValue(value));
      if (family.pending.length >= linesPerChunk) flush(family);
    },
    emitHistogram: (name, labels, value) => {
      const family = open.get(name) ?? openFamily(name);
      family.pending.push(...histogramLines(family.metric, labels, value));
      if (family.pending.length >= linesPerChunk) flush(family);
    },
    families: () =>
      Object.values(metrics).flatMap(({ name }) => {
        const family = open.get(name);
        return family === undefined ? [] : [finish(family)];
      }),
  };
}

/** Suffix, labels and value of each line; the name of the family comes before them. */
function histogramLines(
  { labels: names, buckets = [] }: Metric,
  labels: Readonly<Record<string, string>>,
  { counts, sum }: HistogramValue,
): readonly string[] {
  const own = renderLabels(names, labels);
  const open = own === '' ? '_bucket{' : `_bucket${own.slice(0, -1)},`;
  let total = 0;
  const lines = [...buckets.map(formatValue), '+Inf'].map((bound, index) => {
    total += counts[index] ?? 0;
    return `${open}le="${bound}"} ${formatValue(total)}`;
  });
  return [...lines, `_sum${own} ${formatValue(sum)}`, `_count${own} ${formatValue(total)}`];
}

interface OpenFamily {
  readonly metric: Metric;
  /** Labels and value of samples whose line is not written yet. */
  pending: string[];
  /** Finished lines, some hundred in each string: a rope of many small strings would be flattened again at every scrape. */
  readonly chunks: string[];
}

/** V8 keeps a concatenation as a tree until somebody reads it; read once here, it is not walked again for every sample. */
function flat(text: string): string {
  text.charCodeAt(0);
  return text;
}

/** The name stands at the start of every line, so joining by it writes it for all of them at once. */
function flush(family: OpenFamily): void {
  const { name } = family.metric;
  family.chunks.push(`${name}${family.pending.join(`\n${name}`)}\n`);
  family.pending = [];
}

function finish(family: OpenFamily): Family {
  if (family.pending.length > 0) flush(family);
  const { name, kind, unit, help } = family.metric;
  return { name, kind, unit, help, lines: [...family.chunks] };
}

/** `{a="b",c="d"}` in the order of the names, or nothing without labels. */
export function renderLabels(names: readonly string[], values: Readonly<Record<string, string | number>>): string {
  if (names.length === 0) return '';
  let text = '';
  let separator = '{';
  for (const name of names) {
    text += `${separator}${name}="${escapeLabelValue(values[name])}`;
    separator = '",';
  }
  return `${text}"}`;
}

const special = /[\\"\n]/;

function escapeLabelValue(value: string | number | undefined): string {
  const text = typeof value === 'string' ? value : String(value ?? '');
  if (!special.test(text)) return text;
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
