import type { Metric, Unit } from '../metrics/define.ts';
import type { LabelName } from '../metrics/labels.ts';
import type { Duration, Expr } from '../metrics/promql.ts';
import type { ProfileName } from './alert.ts';

export interface RecordingSpec<L extends LabelName = LabelName> {
  readonly help: string;
  readonly unit: Unit;
  /** The labels that are left, exactly. */
  readonly labels: readonly L[];
  readonly expr: Expr;
  /** Labels that the rule itself sets; they are among the labels that are left. */
  readonly fixed?: Readonly<Record<string, string>>;
}

export interface RecordedFields {
  readonly source: 'recording';
  readonly expr: Expr;
  readonly fixed?: Readonly<Record<string, string>>;
}

/** A recorded series is as typed as an emitted one, and its matchers know only the labels that its rule kept. */
export type Recordings<S extends Readonly<Record<string, RecordingSpec>>> = {
  readonly [N in keyof S & string]: S[N] extends RecordingSpec<infer L>
    ? Metric<N, 'gauge', L> & RecordedFields
    : never;
};

/** Recording rules of one group, by the name of the recorded series. */
export interface RecordingGroup<
  S extends Readonly<Record<string, RecordingSpec>> = Readonly<Record<string, RecordingSpec>>,
> {
  readonly group: string;
  readonly interval?: Duration['duration'];
  /** Loaded only by people who ask for it. */
  readonly optional: boolean;
  /** Loaded with the alerts of this profile. */
  readonly profile?: ProfileName;
  readonly series: Recordings<S>;
}

export function defineRecordings<const S extends Readonly<Record<string, RecordingSpec>>>(
  group: Pick<RecordingGroup, 'group' | 'interval' | 'profile'> & { readonly optional?: boolean },
  specs: S,
): RecordingGroup<S> {
  const series = Object.entries(specs).map(([name, spec]) => [
    name,
    Object.freeze({ name, kind: 'gauge', source: 'recording', ...spec }),
  ]);
  return Object.freeze({
    ...group,
    optional: group.optional ?? false,
    series: Object.freeze(Object.fromEntries(series)) as Recordings<S>,
  });
}
