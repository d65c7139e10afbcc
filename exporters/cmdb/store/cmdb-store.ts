import { randomUUID } from 'node:crypto';
import type { Clock } from '../../../kit/clock.ts';
import { type Claim, manualSource } from '../inventory/claim.ts';
import type { Inventory } from '../inventory/inventory.ts';
import type { Precedence } from '../inventory/precedence.ts';
import { type Plan, reconcile } from '../inventory/reconcile.ts';
import type { AttributeCheck } from '../inventory/sanitize.ts';
import type { Observation } from '../observation.ts';
import { createFollowedInventory } from './follow-changes.ts';
import { forgetGone } from './forget-gone.ts';
import { type Change, type HistoryFilter, history, pastInventory } from './history.ts';
import {
  claimHeadsOf,
  deleteLook,
  type LookCounts,
  type LookRecord,
  lookRecords,
  type OpenFinding,
  openFindings,
  putFindings,
  recordLook,
} from './looks.ts';
import { takeWriteTurn } from './statements.ts';
import type { Db, Tx } from './tables.ts';
import { claimsOf, type Writing, writeClaims } from './write-claims.ts';

/** The database with the inventory that follows it. Everything that changes the inventory goes through here. */
export interface CmdbStore {
  /** As it is now. */
  readonly inventory: Inventory;
  /** Takes over what other replicas wrote. */
  readonly catchUp: () => Promise<void>;
  /** Finds out what a look means and writes it, unless it is a dry run or is refused. */
  readonly look: (look: Look) => Promise<LookResult>;
  /** Writes down that a source could not be looked at. */
  readonly lookFailed: (failure: FailedLook) => Promise<void>;
  /** Runs work that writes, alone and on the newest state. What it throws undoes all of it. */
  readonly write: <T>(author: WriteAuthor, work: (writing: Writing) => Promise<T>) => Promise<T>;
  readonly claims: (itemId: number) => Promise<readonly Claim[]>;
  readonly history: (filter: HistoryFilter) => Promise<readonly Change[]>;
  readonly past: (at: number) => Promise<Inventory>;
  readonly looks: () => Promise<readonly LookRecord[]>;
  readonly findings: () => Promise<readonly OpenFinding[]>;
  /** Changes since the start, by source. */
  readonly changes: ReadonlyMap<string, number>;
  /** Takes back all that a source said, as after it was taken out of the configuration. Resolves with the number of items. */
  readonly forgetSource: (source: string, actor: string) => Promise<number>;
  /** Deletes what comes and goes by itself and has not been seen since that time. Resolves with the number of items. */
  readonly forgetGone: (before: number) => Promise<number>;
  readonly setPrecedence: (precedence: Precedence) => void;
}

export interface Look {
  readonly source: string;
  readonly type: string;
  readonly observation: Observation;
  /** Unix seconds. */
  readonly startedAt: number;
  readonly mayCreate: boolean;
  readonly maxMissingRatio: number;
  readonly check: AttributeCheck;
  readonly isDryRun?: boolean | undefined;
  /** Rejects if nothing may be written any more. */
  readonly guard?: ((tx: Tx) => Promise<void>) | undefined;
  /** Who asked for it; the source itself when it was time. */
  readonly actor?: string | undefined;
}

export interface LookResult {
  readonly plan: Plan;
  /** Why nothing was taken over. */
  readonly refusal: string | undefined;
  readonly counts: LookCounts;
  readonly isDryRun: boolean;
}

export interface FailedLook {
  readonly source: string;
  readonly type: string;
  readonly startedAt: number;
  readonly reason: string;
}

export interface WriteAuthor {
  readonly source?: string | undefined;
  readonly actor: string;
  readonly message: string;
}

export interface CmdbStoreDeps {
  readonly db: Db;
  readonly transaction: <T>(work: (tx: Tx) => Promise<T>) => Promise<T>;
  readonly clock: Clock;
  readonly precedence: Precedence;
}

/** Loads the inventory. */
export async function createCmdbStore({ db, transaction, clock, ...given }: CmdbStoreDeps): Promise<CmdbStore> {
  const followed = createFollowedInventory(clock.now);
  let { precedence } = given;
  let turn: Promise<unknown> = Promise.resolve();
  let pasts: readonly { readonly at: number; readonly inventory: Promise<Inventory> }[] = [];

  /** One at a time in this process: the inventory in memory must not be told older things after newer ones. */
  function alone<T>(work: () => Promise<T>): Promise<T> {
    const mine = turn.then(work, work);
    turn = mine.catch(() => undefined);
    return mine;
  }

  async function catchUp(): Promise<void> {
    await alone(() => followed.catchUp(db));
  }

  function write<T>(author: WriteAuthor, work: (writing: Writing) => Promise<T>): Promise<T> {
    return alone(async () => {
      const result = await transaction(async (tx) => {
        await takeWriteTurn(tx);
        await followed.catchUp(tx);
        const full = { source: author.source ?? manualSource, actor: author.actor, message: author.message };
        const request = randomUUID();
        return work({ tx, inventory: followed.inventory, at: clock.now(), author: { ...full, request }, precedence });
      });
      await followed.catchUp(db);
      return result;
    });
  }

  async function takeOver(given: Look, writing: Writing): Promise<LookResult> {
    const { source, observation, isDryRun = false } = given;
    await given.guard?.(writing.tx);
    const { plan, refusal } = reconcile({
      inventory: writing.inventory,
      claims: await claimHeadsOf(source, writing.tx),
      observation,
      mayCreate: given.mayCreate,
      maxMissingRatio: given.maxMissingRatio,
      check: given.check,
    });
    if (isDryRun) return { plan, refusal, counts: countsOf(plan), isDryRun };
    const counts = refusal === undefined ? await carryOut(plan, source, writing) : noCounts;
    await recordLook(lookRecord(given, { refusal, counts, finishedAt: clock.now() }), writing.tx);
    return { plan, refusal, counts, isDryRun };
  }

  function past(at: number): Promise<Inventory> {
    const known = pasts.find((each) => each.at === at);
    if (known !== undefined) return known.inventory;
    const inventory = pastInventory(at, db);
    pasts = [{ at, inventory }, ...pasts].slice(0, rememberedPasts);
    inventory.catch(() => {
      pasts = pasts.filter((each) => each.at !== at);
    });
    return inventory;
  }

  await catchUp();
  return {
    inventory: followed.inventory,
    catchUp,
    write,
    look: (given) =>
      write({ source: given.source, actor: given.actor ?? given.source, message: '' }, (writing) =>
        takeOver(given, writing),
      ),
    lookFailed: ({ reason, ...look }) => {
      const nothing = { items: [], isComplete: false, failedScopes: [], problems: [] };
      const record = lookRecord({ ...look, observation: nothing }, { counts: noCounts, finishedAt: clock.now() });
      return alone(() => transaction((tx) => recordLook({ ...record, outcome: 'failed', reason }, tx)));
    },
    claims: async (itemId) => (await claimsOf([itemId], db)).get(itemId) ?? [],
    history: (filter) => history(filter, db),
    past,
    changes: followed.changes,
    forgetSource: (source, actor) =>
      write({ source, actor, message: 'the source is forgotten' }, async (writing) => {
        const ids = [...(await claimHeadsOf(source, writing.tx)).keys()];
        await writeClaims(writing, { ...noChanges, withdrawn: ids });
        await deleteLook(source, writing.tx);
        return ids.length;
      }),
    forgetGone: (before) =>
      write({ source: manualSource, actor: 'cmdb', message: 'not seen for long' }, (writing) =>
        forgetGone(before, writing),
      ),
    looks: () => lookRecords(db),
    findings: () => openFindings(db),
    setPrecedence: (next) => {
      precedence = next;
    },
  };
}

const noChanges = { created: [], updated: [], seen: [], returned: [], missing: [], withdrawn: [] };

/** Each takes as much memory as the present. */
const rememberedPasts = 2;

const noCounts: LookCounts = { created: 0, updated: 0, missing: 0, returned: 0 };

async function carryOut(plan: Plan, source: string, writing: Writing): Promise<LookCounts> {
  const { created, updated, unchanged, returned, missing, findings } = plan;
  const written = await writeClaims(writing, { created, updated, seen: unchanged, returned, missing, withdrawn: [] });
  await putFindings(source, findings, writing.at, writing.tx);
  return {
    created: written.created,
    updated: written.updated,
    missing: missing.length,
    returned: returned.length,
  };
}

interface Ending {
  readonly refusal?: string | undefined;
  readonly counts: LookCounts;
  readonly finishedAt: number;
}

function lookRecord(
  { source, type, startedAt, observation }: Pick<Look, 'source' | 'type' | 'startedAt' | 'observation'>,
  { refusal, counts, finishedAt }: Ending,
): Omit<LookRecord, 'succeededAt'> {
  return {
    source,
    type,
    startedAt,
    finishedAt,
    outcome: refusal === undefined ? 'taken_over' : 'refused',
    reason: refusal ?? '',
    items: observation.items.length,
    problems: observation.problems,
    durationSeconds: Math.max(0, finishedAt - startedAt),
    totals: counts,
  };
}

function countsOf({ created, updated, missing, returned }: Plan): LookCounts {
  return { created: created.length, updated: updated.length, missing: missing.length, returned: returned.length };
}
