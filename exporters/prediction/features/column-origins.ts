import type { FeatureSpec, SeriesSource } from './feature-spec.ts';
import { signalsOf } from './schema.ts';

/** Which series a column is made of, for whoever checks that no column knows the label. */
export interface SeriesOfColumn {
  readonly column: string;
  readonly signal: string;
  /** XID codes that it counts; undefined for all, or where it counts none. */
  readonly xids: readonly number[] | undefined;
  /** How long before the moment of a row its window ends. */
  readonly lagMs: number;
}

/** A column that compares another with peers has the series of that one. Faults come in as events, with their lag. */
export function seriesOfColumns(spec: FeatureSpec): readonly SeriesOfColumn[] {
  return spec.features.flatMap((feature) => seriesOf(spec, feature).map((each) => ({ ...each, column: feature.name })));
}

function seriesOf(
  spec: FeatureSpec,
  feature: FeatureSpec['features'][number],
): readonly Omit<SeriesOfColumn, 'column'>[] {
  if (feature.is === 'faults') return [{ signal: 'risk_event', xids: undefined, lagMs: feature.lagMs }];
  if (feature.is === 'peers') {
    const of = spec.features.find(({ name }) => name === feature.of);
    return of === undefined ? [] : seriesOf(spec, of);
  }
  return signalsOf(feature).flatMap((name) => {
    const signal = spec.signals.find((each) => each.name === name);
    return (signal?.from ?? []).map((from) => ({ signal: from.metric, xids: xidsOf(from), lagMs: 0 }));
  });
}

function xidsOf({ where }: SeriesSource): readonly number[] | undefined {
  return where?.['xid']?.map(Number);
}
