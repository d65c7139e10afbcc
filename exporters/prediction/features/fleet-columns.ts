import { factAt } from './fact-at.ts';
import type { FactFeature, FeatureSpec, PeerFeature, PeerGroup } from './feature-spec.ts';
import type { EntitySamples } from './fleet-samples.ts';
import { deviationsOf } from './peer-deviation.ts';
import { type Layout, type MomentRow, rowsOfMoment, writeCell } from './table-layout.ts';
import { compareVersions } from './version-order.ts';

/** Columns that compare the entities of a moment with each other. */
export function writeFleetColumns({ features }: FeatureSpec, layout: Layout): void {
  for (const at of layout.moments.keys()) {
    const moment = { layout, rows: rowsOfMoment(layout, at), atMs: layout.moments[at] as number };
    const peersOf = createPeerGroups(moment);
    for (const [column, feature] of features.entries()) {
      if (feature.is === 'fact') writeFact(feature, column, moment);
      if (feature.is !== 'peers') continue;
      const of = features.findIndex(({ name }) => name === feature.of);
      for (const group of peersOf(feature.group)) writePeers(feature, { column, of }, group, layout);
    }
  }
}

type Groups = readonly (readonly MomentRow[])[];

function createPeerGroups({ layout, rows, atMs }: Moment): (group: PeerGroup) => Groups {
  const known = new Map<PeerGroup, Groups>();
  return (group) => {
    const groups = known.get(group) ?? groupsOf(rows, (row) => peersKey(layout, row, group, atMs));
    known.set(group, groups);
    return groups;
  };
}

function writePeers(
  { as, floor }: PeerFeature,
  { column, of }: { readonly column: number; readonly of: number },
  group: readonly MomentRow[],
  layout: Layout,
): void {
  const values = Float64Array.from(group, ({ row }) => layout.values[row * layout.columns + of] as number);
  const { difference, robustZ } = deviationsOf(values, floor);
  const deviations = as === 'difference' ? difference : robustZ;
  for (const [each, { row }] of group.entries()) writeCell(layout, row, column, deviations[each] as number);
}

function groupsOf(rows: readonly MomentRow[], keyOf: (row: MomentRow) => string | undefined): Groups {
  const groups = new Map<string, MomentRow[]>();
  for (const row of rows) {
    const key = keyOf(row);
    if (key === undefined) continue;
    const known = groups.get(key);
    if (known === undefined) groups.set(key, [row]);
    else known.push(row);
  }
  return [...groups.values()];
}

/** Undefined for one that has no peers, because its model, or what the group goes by, is not known. */
function peersKey({ entities }: Layout, { index }: MomentRow, group: PeerGroup, atMs: number): string | undefined {
  const samples = entities[index];
  if (samples === undefined) return undefined;
  const model = factAt(samples.facts.get('model'), atMs);
  const place = group === 'model' ? '' : placeOf(samples, group, atMs);
  return model === undefined || place === undefined
    ? undefined
    : JSON.stringify([samples.entity.cluster, model, place]);
}

/** Those that nobody uses are peers of each other. */
function placeOf(
  { entity, facts }: EntitySamples,
  group: Exclude<PeerGroup, 'model'>,
  atMs: number,
): string | undefined {
  if (group === 'node') return factAt(facts.get('node'), atMs) ?? entity.node;
  const fact = factAt(facts.get(group), atMs);
  return group === 'workload' && facts.has('workload') ? (fact ?? '') : fact;
}

interface Moment {
  readonly layout: Layout;
  readonly rows: readonly MomentRow[];
  readonly atMs: number;
}

function writeFact({ fact, as }: FactFeature, column: number, { layout, rows, atMs }: Moment): void {
  const factOf = ({ index }: MomentRow): string | undefined => factAt(layout.entities[index]?.facts.get(fact), atMs);
  if (as === 'number') {
    for (const row of rows) writeCell(layout, row.row, column, numberOf(factOf(row)));
    return;
  }
  for (const group of groupsOf(rows, (row) => factAt(layout.entities[row.index]?.facts.get('model'), atMs))) {
    const known = group.flatMap((row) => factOf(row) ?? []);
    const shares = sharesOf(known, as);
    for (const row of group) writeCell(layout, row.row, column, shares.get(factOf(row) ?? '') ?? Number.NaN);
  }
}

/** By value: how many of all have it, or a higher one. */
function sharesOf(values: readonly string[], as: 'share' | 'newer'): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  if (as === 'share') return new Map([...counts].map(([value, count]) => [value, count / values.length]));
  const newest = [...counts.keys()].sort((a, b) => compareVersions(b, a));
  let above = 0;
  return new Map(
    newest.map((value) => {
      const share = above / values.length;
      above += counts.get(value) ?? 0;
      return [value, share];
    }),
  );
}

function numberOf(text: string | undefined): number {
  return text === undefined || text.trim() === '' ? Number.NaN : Number(text);
}
