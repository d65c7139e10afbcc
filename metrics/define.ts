import type { LabelName, TargetLabel } from './labels.ts';

export type Kind = 'counter' | 'gauge' | 'histogram' | 'info';
export type Unit = 'seconds' | 'bytes' | 'celsius' | 'watts' | 'joules' | 'ratio' | 'hertz' | 'percent' | 'none';

export interface Spec<K extends Kind = Kind, L extends LabelName = LabelName> {
  readonly kind: K;
  readonly unit: Unit;
  /** One sentence for HELP, the reference and panel descriptions. */
  readonly help: string;
  readonly labels: readonly L[];
  /** Bucket bounds of a histogram in base units, ascending. */
  readonly buckets?: readonly number[];
}

export interface Metric<N extends string = string, K extends Kind = Kind, L extends LabelName = LabelName>
  extends Spec<K, L> {
  readonly name: N;
  /** Who emits it: a catalogue of ours such as 'gpu', 'recording', or 'external:<exporter>'. */
  readonly source: string;
}

export type LabelsOf<M> = M extends Metric<string, Kind, infer L> ? L : never;
/** What a matcher may name: a scraped series also has the target labels, a recorded one only what its rule kept. */
export type SelectableLabels<M> = M extends { readonly source: 'recording' } ? LabelsOf<M> : LabelsOf<M> | TargetLabel;

type NameFor<K extends Kind> = K extends 'counter' ? `${string}_total` : K extends 'info' ? `${string}_info` : string;
/** Stands in for a metric whose name breaks the convention, so that the compiler's message says what is wrong. */
export interface MetricNameError<N extends string, K extends Kind> {
  readonly error: `"${N}" is a ${K}, so its name must look like ${NameFor<K>}`;
}

export type Catalogue<S extends Readonly<Record<string, Spec>>, From extends string = string> = {
  readonly [N in keyof S & string]: S[N] extends Spec<infer K, infer L>
    ? N extends AllowedName<K, From>
      ? Metric<N, K, L>
      : MetricNameError<N, K>
    : never;
};

/** Exporters of others call some of their counters otherwise. */
type AllowedName<K extends Kind, From extends string> = From extends `external:${string}` ? string : NameFor<K>;

/**
 * Gives each spec its name and source. Names of ours that break the conventions turn into `MetricNameError` at compile
 * time.
 */
export function defineMetrics<const S extends Readonly<Record<string, Spec>>, const From extends string>(
  source: From,
  specs: S,
): Catalogue<S, From> {
  const named = Object.entries(specs).map(([name, spec]) => [name, Object.freeze({ name, source, ...spec })] as const);
  return Object.freeze(Object.fromEntries(named)) as unknown as Catalogue<S, From>;
}

/** Series of somebody else's exporter, as `defineMetrics`, but for counters whose names do not end in `_total`. */
export function defineForeignMetrics<const S extends Readonly<Record<string, Spec>>>(
  source: `external:${string}`,
  specs: S,
): { readonly [N in keyof S & string]: S[N] extends Spec<infer K, infer L> ? Metric<N, K, L> : never } {
  return defineMetrics(source, specs) as unknown as ReturnType<typeof defineForeignMetrics<S>>;
}
