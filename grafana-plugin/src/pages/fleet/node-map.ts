import type { Readings } from '../../scenes/ReadingsView';
import type { Row } from '../../scenes/rows';
import type { mapQueries } from './fleet-queries';

export interface NodeCell {
  readonly cluster: string;
  readonly node: string;
  /** GPUs that the node has, and those of them that answer. */
  readonly known: number;
  readonly up: number;
  readonly temperature: number | undefined;
  readonly busy: number | undefined;
  readonly power: number | undefined;
  readonly criticalAlerts: number;
  readonly warnings: number;
}

export interface RackCells {
  /** Empty where nobody knows the rack. */
  readonly rack: string;
  readonly nodes: readonly NodeCell[];
}

type MapReadings = Readings<keyof typeof mapQueries>;

/** Nodes by rack, racks and nodes in the order in which people count. */
export function racksOf(readings: MapReadings): readonly RackCells[] {
  const racks = new Map<string, NodeCell[]>();
  const rackOf = new Map(readings.racks.map(({ labels }) => [labels.node, labels.rack ?? ''] as const));
  const cell = cellMaker(readings);
  for (const row of readings.known) {
    const rack = rackOf.get(row.labels.node) ?? '';
    const nodes = racks.get(rack) ?? [];
    nodes.push(cell(row));
    racks.set(rack, nodes);
  }
  return [...racks]
    .map(([rack, nodes]) => ({ rack, nodes: nodes.sort((a, b) => inOrder(a.node, b.node)) }))
    .sort((a, b) => Number(a.rack === '') - Number(b.rack === '') || inOrder(a.rack, b.rack));
}

function cellMaker({ up, temperature, busy, power, alerts }: MapReadings): (row: Row) => NodeCell {
  const columns = { up: byNode(up), temperature: byNode(temperature), busy: byNode(busy), power: byNode(power) };
  const critical = alertsBy(alerts, 'critical');
  const warnings = alertsBy(alerts, 'warning');
  return ({ labels, value }) => {
    const { cluster = '', node = '' } = labels;
    const key = keyOf(labels);
    return {
      cluster,
      node,
      known: value,
      up: columns.up.get(key) ?? 0,
      temperature: columns.temperature.get(key),
      busy: columns.busy.get(key),
      power: columns.power.get(key),
      criticalAlerts: critical.get(node) ?? 0,
      warnings: warnings.get(node) ?? 0,
    };
  };
}

function byNode(rows: readonly Row[]): ReadonlyMap<string, number> {
  return new Map(rows.map(({ labels, value }) => [keyOf(labels), value]));
}

function alertsBy(rows: readonly Row[], severity: string): ReadonlyMap<string, number> {
  const own = rows.filter(({ labels }) => labels.severity === severity);
  return new Map(own.map(({ labels, value }) => [labels.node ?? '', value]));
}

function keyOf({ cluster = '', node = '' }: Row['labels']): string {
  return JSON.stringify([cluster, node]);
}

const collator = new Intl.Collator('en', { numeric: true });

function inOrder(a: string, b: string): number {
  return collator.compare(a, b);
}
