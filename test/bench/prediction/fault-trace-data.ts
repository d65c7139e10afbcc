import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { type Entity, keyOfEntity } from '../../../exporters/prediction/entity.ts';
import type { FeatureTable } from '../../../exporters/prediction/features/feature-table.ts';
import type { Incident } from '../../../exporters/prediction/labels/incident.ts';

const dayMs = 86_400_000;
/** Day 0 of the trace. */
export const traceStartMs = Date.UTC(2024, 2, 30);

export const splits = { train: 0, validation: 1, test: 2 } as const;

export interface FaultTrace {
  readonly table: FeatureTable;
  /** Any new fault on the node within 7 days, as the set has it. */
  readonly labels: Uint8Array;
  readonly split: Uint8Array;
  /** Each fault one by one, without merging. */
  readonly incidents: readonly Incident[];
}

interface TraceEvent {
  readonly node_id: string;
  readonly event_time: number;
  readonly event_type: string;
}

/** The node-days of the GPU fault trace of InfiniteHBD, with 17 columns of history, and the faults themselves. */
export function readFaultTrace(data: string): FaultTrace {
  const part = (name: string): Buffer => gunzipSync(readFileSync(join(data, 'derived', `gpufault7d.${name}.gz`)));
  const { cols } = JSON.parse(readFileSync(join(data, 'derived', 'gpufault7d.json'), 'utf8'));
  const keys = part('keys.csv').toString('utf8').trimEnd().split('\n').slice(1);
  const rows = keys.map((line, row) => {
    const [node = '', day = ''] = line.split(',');
    return { node, atMs: momentOf(Number(day)), row };
  });
  const names = [...new Set(rows.map(({ node }) => node))].sort();
  const indexes = new Map(names.map((name, index) => [name, index]));
  rows.sort((a, b) => a.atMs - b.atMs || (indexes.get(a.node) ?? 0) - (indexes.get(b.node) ?? 0));
  const raw = new Uint8Array(part('X.f32'));
  const values = new Float32Array(raw.buffer);
  const [y, split] = [part('y.u8'), part('split.u8')];
  const sorted = new Float32Array(values.length);
  for (const [index, { row }] of rows.entries())
    sorted.set(values.subarray(row * cols.length, (row + 1) * cols.length), index * cols.length);
  const table: FeatureTable = {
    schema: { version: 1, names: cols },
    entities: names.map(nodeOf),
    entity: Uint32Array.from(rows, ({ node }) => indexes.get(node) ?? 0),
    atMs: Float64Array.from(rows, ({ atMs }) => atMs),
    values: sorted,
  };
  return {
    table,
    labels: Uint8Array.from(rows, ({ row }) => y[row] ?? 0),
    split: Uint8Array.from(rows, ({ row }) => split[row] ?? 0),
    incidents: readIncidents(data),
  };
}

export function momentOf(day: number): number {
  return traceStartMs + Math.round(day * dayMs);
}

function nodeOf(node: string): Entity {
  return { kind: 'node', cluster: 'trace', node, uuid: '' };
}

/** The start of a fault and the first end behind it on that node. */
function readIncidents(data: string): readonly Incident[] {
  const events: readonly TraceEvent[] = JSON.parse(
    readFileSync(join(data, 'gpu-fault-trace', 'fault_trace.json'), 'utf8'),
  );
  return events
    .filter(({ event_type }) => event_type === 'fault_start')
    .map((start) => {
      const end = events.find(
        ({ node_id, event_type, event_time }) =>
          node_id === start.node_id && event_type === 'fault_end' && event_time > start.event_time,
      );
      return {
        entity: nodeOf(start.node_id),
        startMs: momentOf(start.event_time),
        endMs: end === undefined ? undefined : momentOf(end.event_time),
        kind: 'ticket_unknown',
        sources: ['ticket'],
      } satisfies Incident;
    })
    .sort((a, b) => a.startMs - b.startMs || (keyOfEntity(a.entity) < keyOfEntity(b.entity) ? -1 : 1));
}
