import type { Kind, LabelsOf, Metric, Unit } from '../../metrics/define.ts';

/** A metric family with its sample lines ready to send. The lines are the same in both exposition formats. */
export interface Family {
  readonly name: string;
  readonly kind: Kind | 'summary';
  readonly unit: Unit;
  readonly help: string;
  /** Lines with their newlines; empty if the family has no sample now. */
  readonly lines: string;
}

/** Takes one sample: a name of the catalogue with exactly its labels. A value that is undefined is missing and not emitted. */
export type Emit<C> = <N extends keyof C & string>(
  name: N,
  labels: Readonly<Record<LabelsOf<C[N]>, string>>,
  value: number | bigint | undefined,
) => void;

export interface SampleWriter<C> {
  readonly emit: Emit<C>;
  /** The families that got samples, in the order of the catalogue. */
  readonly families: () => readonly Family[];
}

/**
 * Writes samples of one catalogue straight into exposition lines. Made anew for each collection, so a series that is no longer
 * emitted is gone.
 */
export function createSampleWriter<C extends Readonly<Record<string, unknown>>>(catalogue: C): SampleWriter<C> {
  const metrics = catalogue as unknown as Readonly<Record<string, Metric>>;
  const lines = new Map<string, string>();
  return {
    emit: (name, labels, value) => {
      if (value === undefined) return;
      const metric = metrics[name];
      if (metric === undefined) throw new TypeError(`${name} is not in the catalogue`);
      const line = `${name}${renderLabels(metric.labels, labels)} ${formatValue(value)}\n`;
      lines.set(name, (lines.get(name) ?? '') + line);
    },
    families: () =>
      Object.values(metrics)
        .filter(({ name }) => lines.has(name))
        .map(({ name, kind, unit, help }) => ({ name, kind, unit, help, lines: lines.get(name) ?? '' })),
  };
}

/** `{a="b",c="d"}` in the order of the names, or nothing without labels. */
export function renderLabels(names: readonly string[], values: Readonly<Record<string, string | number>>): string {
  let text = '';
  for (const name of names) {
    text += `${text === '' ? '{' : ','}${name}="${escapeLabelValue(String(values[name] ?? ''))}"`;
  }
  return text === '' ? '' : `${text}}`;
}

const special = /[\\"\n]/;

function escapeLabelValue(value: string): string {
  if (!special.test(value)) return value;
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}

/** A number as both formats want it; a bigint is printed exactly. */
export function formatValue(value: number | bigint): string {
  if (value === Number.POSITIVE_INFINITY) return '+Inf';
  if (value === Number.NEGATIVE_INFINITY) return '-Inf';
  return String(value);
}
