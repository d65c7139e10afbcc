import { type Entity, type EntityKind, entityKinds } from '../../../exporters/prediction/entity.ts';
import { seriesOfColumns } from '../../../exporters/prediction/features/column-origins.ts';
import type { FeatureTable } from '../../../exporters/prediction/features/feature-table.ts';
import { joinTables } from '../../../exporters/prediction/features/join-tables.ts';
import { schemaOf } from '../../../exporters/prediction/features/schema.ts';
import { failureHistoryOf } from '../../../exporters/prediction/pipeline/failure-history.ts';
import { thinRows } from '../../../exporters/prediction/pipeline/thin-rows.ts';
import type { FeatureStore } from '../../../exporters/prediction/store/features/feature-store.ts';
import { loadSigns, type StoredSigns } from '../../../exporters/prediction/store/signs/sign-file.ts';
import { SourceError } from '../../../kit/errors.ts';
import type { ProgressBar } from '../../api-client/progress-bar.ts';
import { openStores, signFile, specs } from './data-folder.ts';
import type { FleetHistory } from './fleet-history.ts';
import { readTicketFiles } from './ticket-files.ts';

interface Deps {
  readonly progress: ProgressBar;
  readonly signal: AbortSignal;
}

/** What backfill has read into a folder. Rejects with SourceError where it has not been run. */
export async function storedHistory(data: string, tickets: readonly string[], deps: Deps): Promise<FleetHistory> {
  const stored = await loadSigns(signFile(data));
  if (stored === undefined)
    throw new SourceError(
      `${data} has no history; read it with fleetlens prediction backfill, or name a CSV file with --csv`,
    );
  const stores = await openStores(data);
  const tables: Partial<Record<EntityKind, FeatureTable>> = {};
  for (const kind of entityKinds) {
    const table = await dailyRows(stores[kind], kind, deps);
    if (table.atMs.length > 0) tables[kind] = table;
  }
  const entities = Object.values(tables).flatMap((table) => table.entities);
  return historyFrom(stored, tables, await readTicketFiles(tickets, entities as readonly Entity[], stored.untilMs));
}

function historyFrom(
  stored: StoredSigns,
  tables: FleetHistory['tables'],
  tickets: Awaited<ReturnType<typeof readTicketFiles>>,
): FleetHistory {
  return {
    tables,
    origins: { gpu: seriesOfColumns(specs.gpu), node: seriesOfColumns(specs.node) },
    failures: failureHistoryOf({ ...stored.signs, tickets }, stored.untilMs),
    products: new Map(Object.entries(stored.products)),
    provenance: { source: stored.source },
    problems: [],
  };
}

/** A row of each entity and day of each chunk, so that a year of a large fleet fits into memory; of the last chunk all, to be scored. */
async function dailyRows(store: FeatureStore, kind: EntityKind, { progress, signal }: Deps): Promise<FeatureTable> {
  const chunks = await store.chunks();
  const tables: FeatureTable[] = [];
  for (const [at, chunk] of chunks.entries()) {
    signal.throwIfAborted();
    progress.show(at, chunks.length, `days of features of ${kind}s`);
    const table = await store.read(chunk);
    tables.push(at === chunks.length - 1 ? table : thinRows(table, Number.POSITIVE_INFINITY));
  }
  progress.end();
  return joinTables(schemaOf(specs[kind]), tables);
}
