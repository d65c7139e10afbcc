import { createFaultReader, type FaultReader } from './fault-history.ts';
import type { Feature, FeatureSpec } from './feature-spec.ts';
import type { FeatureTable } from './feature-table.ts';
import { writeFleetColumns } from './fleet-columns.ts';
import type { FleetSamples } from './fleet-samples.ts';
import { lifeAt } from './life-at.ts';
import { createStatisticReader, type PreparedEntity, prepareEntity, vanishedSignals } from './prepared-entity.ts';
import { createResiduals } from './residual-columns.ts';
import { checkSpec } from './schema.ts';
import { forEachRow, type Layout, layoutOf, tableOf, writeCell } from './table-layout.ts';

/**
 * One row for each entity and moment at which the entity had a sample of its own in the seven days before. Only samples at or before the moment count,
 * wherever in the fleet they are. Moments (ms since 1970) may come in any order; the rows ascend. Each entity is to be there once.
 */
export function computeFeatures(spec: FeatureSpec, samples: FleetSamples, moments: ArrayLike<number>): FeatureTable {
  checkSpec(spec);
  const layout = layoutOf(spec, samples.entities, moments);
  const faults = createFaultReader(samples);
  const residuals = createResiduals(spec, layout);
  for (const [index, entity] of samples.entities.entries()) {
    const prepared = prepareEntity(entity, spec.signals);
    writeOwnColumns(spec, prepared, { index, layout, faults });
    residuals.add(prepared, index);
  }
  residuals.write();
  writeFleetColumns(spec, layout);
  return tableOf(spec, layout);
}

interface Writing {
  readonly index: number;
  readonly layout: Layout;
  readonly faults: FaultReader;
}

function writeOwnColumns({ features }: FeatureSpec, entity: PreparedEntity, { index, layout, faults }: Writing): void {
  const read = createFeatureReader(entity, faults);
  forEachRow(layout, index, (row, atMs) => {
    for (let column = 0; column < features.length; column += 1)
      writeCell(layout, row, column, read(features[column] as Feature, atMs));
  });
}

/** What can be told of an entity by itself; NaN for what needs the fleet. */
function createFeatureReader(entity: PreparedEntity, faults: FaultReader): (feature: Feature, atMs: number) => number {
  const read = createStatisticReader(entity.signals);
  const { entity: whose, life } = entity.samples;
  return (feature, atMs) => {
    switch (feature.is) {
      case 'statistic':
        return read(feature, atMs);
      case 'ratio': {
        const under = read(feature.under, atMs);
        const most = feature.most ?? Number.POSITIVE_INFINITY;
        return under === 0 ? Number.NaN : Math.min(most, read(feature.over, atMs) / under);
      }
      case 'vanished':
        return vanishedSignals(entity, feature, atMs);
      case 'faults':
        return faults(feature, whose, atMs);
      case 'life':
        return lifeAt(feature, life, atMs);
      case 'residual':
      case 'fact':
      case 'peers':
        return Number.NaN;
    }
  };
}
