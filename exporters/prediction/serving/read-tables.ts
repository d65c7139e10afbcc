import { type EntityKind, entityKinds } from '../entity.ts';
import type { FeatureTable } from '../features/feature-table.ts';
import { joinTables } from '../features/join-tables.ts';
import { freshMs } from '../pipeline/score-fleet.ts';
import type { Presence } from '../sources/prometheus/presence.ts';
import type { KindStore } from './catch-up.ts';
import { mergeTables } from './merge-tables.ts';

export type Tables = Partial<Record<EntityKind, FeatureTable>>;

const dayMs = 86_400_000;
/** Of each source and kind; 150 columns of as many rows have 240 MB. */
const mostRows = 400_000;

/** The newest features, of all sources. */
export async function newestTables(stores: readonly KindStore[], atMs: number): Promise<Tables> {
  return byKind(stores, ({ store }) => store.read({ fromMs: atMs - freshMs, untilMs: atMs }));
}

/** Rows of midnight of the days of a stretch, of each second, third, … day where there are many. Training takes one row of a day. */
export async function trainingTables(
  stores: readonly KindStore[],
  span: { readonly fromMs: number; readonly untilMs: number },
): Promise<Tables> {
  return byKind(stores, async ({ store, spec }) => {
    const chunks = (await store.chunks()).filter(
      ({ fromMs, untilMs }) => untilMs % dayMs === 0 && fromMs >= span.fromMs && untilMs <= span.untilMs,
    );
    const newest = chunks.at(-1);
    const perDay = newest === undefined ? 0 : (await store.read(newest)).entities.length;
    const every = Math.max(1, Math.ceil((chunks.length * perDay) / mostRows));
    const tables: FeatureTable[] = [];
    for (const chunk of chunks.filter(({ untilMs }) => (untilMs / dayMs) % every === 0))
      tables.push(await store.read({ fromMs: chunk.untilMs - 1, untilMs: chunk.untilMs }));
    const schema = { version: spec.version, names: spec.features.map(({ name }) => name) };
    return joinTables(schema, tables);
  });
}

/** Rows without columns of all sources: a rate can be told from who was there and what failed. */
export function presenceTables(presences: readonly Presence[]): Tables {
  return Object.fromEntries(
    entityKinds.flatMap((kind) => {
      const tables = presences.map((each) => each.table(kind, mostRows)).filter(({ atMs }) => atMs.length > 0);
      const table = mergeTables(tables);
      return table === undefined ? [] : [[kind, table]];
    }),
  );
}

async function byKind(
  stores: readonly KindStore[],
  read: (store: KindStore) => Promise<FeatureTable>,
): Promise<Tables> {
  const found: Tables = {};
  for (const kind of entityKinds) {
    const tables: FeatureTable[] = [];
    for (const each of stores) if (each.kind === kind) tables.push(await read(each));
    const table = mergeTables(tables.filter(({ atMs }) => atMs.length > 0));
    if (table !== undefined) found[kind] = table;
  }
  return found;
}
