import type { QueryExecutorProvider } from 'kysely';
import type { Clock } from '../../../kit/clock.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { RatedBill } from '../pricing/rated.ts';
import type { Span } from '../span.ts';
import type { TenantDirectory } from '../subjects/tenant-directory.ts';
import type { Bill } from './bill.ts';
import { BillError } from './bill-error.ts';
import {
  type BillFilter,
  type BillSummary,
  selectBill,
  selectBills,
  selectChain,
  selectOriginals,
} from './bill-rows.ts';
import type { BillSettings } from './bill-settings.ts';
import { closeBills, type Progress, type TenantOutcome } from './close-bills.ts';
import { correctBill } from './correct-bill.ts';
import type { Acceptance } from './obstacles.ts';
import { reckon } from './reckon.ts';

/** Bills of tenants: reckoned anew while they are drafts, kept for ever once they are closed. Problems of asking are BillErrors. */
export interface BillBook {
  /** What the tenant would owe if the period were closed now; nothing is kept. */
  readonly draft: (tenant: string, period: string) => Promise<Bill>;
  /** The bill, which is the same if the period was closed before. */
  readonly close: (ask: CloseAsk & { readonly tenant: string }) => Promise<Bill>;
  /** For all tenants, or some. What cannot be closed does not hold up the others. Asked again, it goes on with what is left. */
  readonly closeAll: (ask: CloseAllAsk) => Promise<readonly TenantOutcome[]>;
  /** A bill of what has changed in the ledger since the period was closed; undefined if nothing has. */
  readonly correction: (ask: CorrectionAsk) => Promise<Bill | undefined>;
  /** Always refused: tells how to correct instead. */
  readonly reopen: (number: string) => Promise<never>;
  /** Closed ones, newest first. */
  readonly list: (filter: BillFilter) => Promise<BillPage>;
  readonly bill: (number: string) => Promise<Bill | undefined>;
  /** The closed bill of a period, and its corrections, oldest first; empty while it is not closed. */
  readonly chain: (tenant: string, period: string) => Promise<readonly Bill[]>;
}

export interface CloseAsk {
  /** Month in which it begins: 2026-03. */
  readonly period: string;
  /** Who takes responsibility. */
  readonly by: string;
  readonly accept?: Acceptance;
}

export interface CloseAllAsk extends CloseAsk {
  readonly tenants?: readonly string[];
  readonly onProgress?: (progress: Progress) => void;
  /** What was closed before it stays closed. */
  readonly signal?: AbortSignal;
}

export interface CorrectionAsk extends CloseAsk {
  readonly tenant: string;
  /** Also what comes of changed prices, contracts and owners; otherwise such a change is refused. */
  readonly includeRuleChanges?: boolean;
  /** Reckon it, and keep nothing. */
  readonly isPreview?: boolean;
}

export interface BillPage {
  readonly bills: readonly BillSummary[];
  /** `before` of the next page; undefined on the last one. */
  readonly next: string | undefined;
}

/** What tenants owe for a period by rows of the ledger up to a position. A tenant who owes nothing may be left out. */
export type Rate = (ask: {
  readonly period: Span;
  readonly tenants: readonly string[];
  readonly until?: bigint;
  readonly after?: bigint;
}) => Promise<ReadonlyMap<string, RatedBill>>;

/** What bills are made by, as configured now. */
export interface BillRules {
  readonly directory: TenantDirectory;
  readonly settings: BillSettings;
  readonly priceBookHash: string;
  /** What must have been metered before anything is closed, where the configuration knows. */
  readonly expected?: readonly { readonly cluster: string; readonly meter: string }[];
}

export interface BillBookDeps {
  readonly db: QueryExecutorProvider;
  readonly transaction: <T>(work: (transaction: QueryExecutorProvider) => Promise<T>) => Promise<T>;
  readonly ledger: Pick<Ledger, 'watermarks' | 'windows' | 'position'>;
  readonly rate: Rate;
  /** Read anew for each call, so that a reload takes effect. */
  readonly rules: () => BillRules;
  readonly clock: Clock;
}

const maxPage = 1000;

export function createBillBook(deps: BillBookDeps): BillBook {
  const { db } = deps;

  async function closeAll(ask: CloseAllAsk): Promise<readonly TenantOutcome[]> {
    return closeBills(ask, { ...deps, now: deps.rules() });
  }

  async function chain(tenant: string, period: string): Promise<readonly Bill[]> {
    const [original] = await selectOriginals([tenant], [period], db);
    return original === undefined ? [] : selectChain(original.number, db);
  }

  return {
    draft: async (tenant, period) => reckon({ tenant, period }, { ...deps, now: deps.rules() }),
    close: async (ask) => {
      const [outcome] = await closeBills(
        { ...ask, tenants: [ask.tenant], evenIfEmpty: true },
        { ...deps, now: deps.rules() },
      );
      if (outcome?.error !== undefined) throw outcome.error;
      const bill = outcome?.number === undefined ? undefined : await selectBill(outcome.number, db);
      if (bill === undefined) throw new Error(`no bill of ${ask.tenant} for ${ask.period} was written`);
      return bill;
    },
    closeAll,
    correction: async (ask) => correctBill(ask, { ...deps, now: deps.rules() }),
    reopen: async (number) => {
      const bill = await selectBill(number, db);
      if (bill === undefined) throw new BillError('not_closed', `there is no bill ${number}`);
      const closedAt = new Date(bill.createdAt * 1000).toISOString();
      throw new BillError(
        'closed',
        `bill ${number} was closed by ${bill.closedBy} at ${closedAt} and stays as it is; mend what was wrong (meter the windows again, or change prices or owners) and ask for a correction of ${bill.details?.periodName} for ${bill.tenant}`,
      );
    },
    list: async (filter) => {
      const limit = Math.max(1, Math.min(maxPage, filter.limit));
      const found = await selectBills({ ...filter, limit: limit + 1 }, db);
      const bills = found.slice(0, limit);
      return { bills, next: found.length > limit ? bills.at(-1)?.cursor : undefined };
    },
    bill: (number) => selectBill(number, db),
    chain,
  };
}
