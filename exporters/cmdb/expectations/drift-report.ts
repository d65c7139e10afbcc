import type { Inventory } from '../inventory/inventory.ts';
import type { Item } from '../model/item.ts';
import { type BaselineCount, countBaselines } from './baseline.ts';
import { type Drift, expectedGpus, findDrift } from './drift.ts';
import type { Expectations } from './expectation.ts';
import { conflictsOfItem } from './item-conflicts.ts';

/** What drifts now, and what is expected. */
export interface DriftReport {
  readonly drifts: readonly Drift[];
  readonly baselines: readonly BaselineCount[];
  /** Of servers that should have some. */
  readonly expectedGpus: readonly { readonly server: Item; readonly gpus: number }[];
}

/** Items grow old without changing, so a report is made anew after this time, too. */
const maxAgeSeconds = 60;

/** Makes a report when the inventory or what is expected has changed, and now and then. */
export function createDriftReports(inventory: Inventory, expectations: () => Expectations): () => DriftReport {
  let last:
    | {
        readonly revision: number;
        readonly at: number;
        readonly expectations: Expectations;
        readonly report: DriftReport;
      }
    | undefined;
  return () => {
    const { revision, at } = inventory;
    const now = expectations();
    const isFresh = last?.revision === revision && last.expectations === now && at - last.at < maxAgeSeconds;
    if (last === undefined || !isFresh) last = { revision, at, expectations: now, report: reportOf(inventory, now) };
    return last.report;
  };
}

function reportOf(inventory: Inventory, expectations: Expectations): DriftReport {
  return {
    drifts: findDrift(inventory, { expectations, conflictsOf: (id) => conflictsOfItem(inventory, id) }),
    baselines: countBaselines(expectations, inventory),
    expectedGpus: inventory.ofClass('server').flatMap((server) => {
      const gpus = server.state === 'in_service' ? expectedGpus(inventory, server, expectations) : undefined;
      return gpus === undefined ? [] : [{ server, gpus }];
    }),
  };
}
