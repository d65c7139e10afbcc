import { manualSource } from '../inventory/claim.ts';
import type { Inventory } from '../inventory/inventory.ts';
import type { Item, Conflict as ItemConflict } from '../model/item.ts';
import { type BaselineCount, countBaselines } from './baseline.ts';
import { type Conflict, type Drift, expectedGpus, findDrift } from './drift.ts';
import type { Expectations } from './expectation.ts';

/** What drifts now, and what is expected. */
export interface DriftReport {
  readonly drifts: readonly Drift[];
  readonly baselines: readonly BaselineCount[];
  /** Of servers that should have some. */
  readonly expectedGpus: readonly { readonly server: Item; readonly gpus: number }[];
}

interface ReportInput {
  readonly expectations: Expectations;
  /** Sources in the order in which they are believed. */
  readonly order: readonly string[];
}

/** Items grow old without changing, so a report is made anew after this time, too. */
const maxAgeSeconds = 60;

/** Makes a report when the inventory or what is expected has changed, and now and then. */
export function createDriftReports(inventory: Inventory, input: () => ReportInput): () => DriftReport {
  let last:
    | { readonly revision: number; readonly at: number; readonly input: ReportInput; readonly report: DriftReport }
    | undefined;
  return () => {
    const { revision, at } = inventory;
    const now = input();
    const isFresh =
      last?.revision === revision && last.input.expectations === now.expectations && at - last.at < maxAgeSeconds;
    if (last === undefined || !isFresh) last = { revision, at, input: now, report: reportOf(inventory, now) };
    return last.report;
  };
}

function reportOf(inventory: Inventory, { expectations, order }: ReportInput): DriftReport {
  const conflictsOf = (id: number): readonly Conflict[] =>
    (inventory.item(id)?.conflicts ?? []).map((conflict) => inOrder(inventory, conflict, order));
  return {
    drifts: findDrift(inventory, { expectations, conflictsOf }),
    baselines: countBaselines(expectations, inventory),
    expectedGpus: inventory.ofClass('server').flatMap((server) => {
      const gpus = server.state === 'in_service' ? expectedGpus(inventory, server, expectations) : undefined;
      return gpus === undefined ? [] : [{ server, gpus }];
    }),
  };
}

/** As drift takes it: the surest source first, and what a part is installed on by its name. */
function inOrder(inventory: Inventory, { about, said }: ItemConflict, order: readonly string[]): Conflict {
  const rankOf = (source: string): number => {
    if (source === manualSource) return -1;
    const place = order.indexOf(source);
    return place < 0 ? order.length : place;
  };
  const isPlace = about === 'installed_on' || about === 'located_in' || about === 'part_of';
  const values = Object.entries(said)
    .sort(([a], [b]) => rankOf(a) - rankOf(b))
    .map(([source, value]) => ({
      source,
      value: isPlace ? (inventory.item(Number(value))?.name ?? String(value)) : String(value),
    }));
  return { attribute: about === 'installed_on' ? 'server' : about, values };
}
