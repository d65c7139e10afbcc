import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { FeatureTable } from '../../../exporters/prediction/features/feature-table.ts';
import { plantedFailures } from './fleet-history.ts';
import { type FleetPlan, hasShown, type PlannedFailure } from './fleet-plan.ts';

/** A feature table as a wide CSV file, which `fleetlens prediction` reads: columns uuid, node, cluster, time, and the features. */
export async function writeFeatureCsv(table: FeatureTable, path: string): Promise<void> {
  await pipeline(Readable.from(featureLines(table)), createWriteStream(path));
}

function* featureLines({ schema, entities, entity, atMs, values }: FeatureTable): Generator<string> {
  const width = schema.names.length;
  yield `uuid,node,cluster,time,${schema.names.join(',')}\n`;
  for (const [row, at] of atMs.entries()) {
    const { uuid = '', node = '', cluster = '' } = entities[entity[row] ?? -1] ?? {};
    const cells = [...values.subarray(row * width, (row + 1) * width)].map((value) =>
      Number.isNaN(value) ? '' : String(Number(value.toPrecision(9))),
    );
    yield `${uuid},${node},${cluster},${new Date(at).toISOString()},${cells.join(',')}\n`;
  }
}

/** What nobody would know of the planted failures: entity, start, cause, and from when on signs show it, empty where there are none. */
export function truthCsv(plan: FleetPlan): string {
  const lines = plantedFailures(plan).map(({ entity, atMs, cause, signFromMs }) => {
    const signs = hasShown(cause) ? new Date(signFromMs).toISOString() : '';
    return `${entity.uuid},${new Date(atMs).toISOString()},${cause},${signs}`;
  });
  return `${['entity,start,cause,signs_from', ...lines].join('\n')}\n`;
}

/** The planted failures as a CSV file of tickets: entity, start, end, kind. */
export function ticketCsv(plan: FleetPlan): string {
  const lines = plantedFailures(plan).map((failure) => {
    const { entity, atMs, backMs } = failure;
    const end = backMs <= plan.untilMs ? new Date(backMs).toISOString() : '';
    return `${entity.uuid},${new Date(atMs).toISOString()},${end},${ticketKind(failure)}`;
  });
  return `${['entity,start,end,kind', ...lines].join('\n')}\n`;
}

function ticketKind({ cause }: PlannedFailure): string {
  return { memory: 'memory', thermal: 'cooling', pcie: 'pcie', nvlink: 'nvlink', repeat: 'gpu', sudden: 'gpu' }[cause];
}
