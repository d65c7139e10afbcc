import type { RatedBill } from '../pricing/rated.ts';
import { unattributedTenant } from '../subjects/tenant-directory.ts';
import type { Bill } from './bill.ts';
import type { BillBookDeps, CloseAllAsk } from './bill-book.ts';
import { BillError, refused } from './bill-error.ts';
import { hashOfBill } from './bill-hash.ts';
import { numberOf, seriesOf } from './bill-number.ts';
import { insertBills, selectOriginals, selectOverlaps, takeNumbers, waitForTurn } from './bill-rows.ts';
import { type Obstacle, withAccepted } from './obstacles.ts';
import { billOf, findTenant, type ReckonDeps, type Standing, standingOf } from './reckon.ts';
import { type TenantSpan, tenantSpans } from './tenant-spans.ts';

/** What became of one tenant. empty: they owe nothing, and get no bill. */
export interface TenantOutcome {
  readonly tenant: string;
  readonly outcome: 'closed' | 'was_closed' | 'empty' | 'refused' | 'aborted';
  readonly number?: string;
  readonly total?: string;
  readonly currency?: string;
  readonly error?: BillError;
}

export interface Progress {
  readonly done: number;
  readonly total: number;
  readonly closed: number;
}

export interface CloseDeps extends ReckonDeps {
  readonly transaction: BillBookDeps['transaction'];
}

/** Tenants whose bills are written together, or not at all. */
const chunkSize = 200;

export async function closeBills(
  ask: CloseAllAsk & { readonly evenIfEmpty?: boolean },
  deps: CloseDeps,
): Promise<readonly TenantOutcome[]> {
  const names = ask.tenants ?? deps.now.directory.tenants.map(({ name }) => name);
  const outcomes = new Map<string, TenantOutcome>();
  const tell = (batch: readonly TenantOutcome[]): void => {
    for (const outcome of batch) outcomes.set(outcome.tenant, outcome);
    const closed = [...outcomes.values()].filter(({ outcome }) => outcome === 'closed').length;
    ask.onProgress?.({ done: outcomes.size, total: names.length, closed });
  };
  const tenants = names.filter((name) => name !== unattributedTenant).map((name) => findTenant(name, deps.now));
  if (names.includes(unattributedTenant)) tell([ofNobody()]);
  const spans = await tenantSpans(tenants, ask.period, deps);
  tell(spans.flatMap(({ closed }) => (closed === undefined ? [] : [wasClosed(closed)])));
  for (const group of groupsOf(spans.filter(({ closed }) => closed === undefined))) {
    await closeGroup(group, { ask, deps, tell });
  }
  return names.flatMap((name) => outcomes.get(name) ?? []);
}

interface Work {
  readonly ask: CloseAllAsk & { readonly evenIfEmpty?: boolean };
  readonly deps: CloseDeps;
  readonly tell: (batch: readonly TenantOutcome[]) => void;
}

/** Tenants with the same span of time: it is looked at and priced once for all of them. */
async function closeGroup(group: readonly TenantSpan[], { ask, deps, tell }: Work): Promise<void> {
  const { span } = group[0] ?? {};
  if (span === undefined) return;
  if (isAborted(ask)) return tell(group.map(aborted));
  const standing = await standingOf(span, deps);
  const { left, accepted } = withAccepted(standing.obstacles, ask.accept ?? {});
  if (left.length > 0) return tell(group.map(({ tenant }) => refusal(tenant.name, ask.period, left)));
  const rated = await deps.rate({
    period: span,
    tenants: group.map(({ tenant }) => tenant.name),
    until: standing.position,
  });
  for (let from = 0; from < group.length; from += chunkSize) {
    const chunk = group.slice(from, from + chunkSize);
    if (isAborted(ask)) tell(chunk.map(aborted));
    else tell(await closeChunk(chunk, { ask, deps, standing, rated, accepted }));
  }
}

interface ChunkWork {
  readonly ask: Work['ask'];
  readonly deps: CloseDeps;
  readonly standing: Standing;
  readonly rated: ReadonlyMap<string, RatedBill>;
  readonly accepted: ReturnType<typeof withAccepted>['accepted'];
}

async function closeChunk(
  chunk: readonly TenantSpan[],
  { ask, deps, standing, rated, accepted }: ChunkWork,
): Promise<readonly TenantOutcome[]> {
  const outcomes: TenantOutcome[] = [];
  const drafts: Bill[] = [];
  for (const { tenant } of chunk) {
    const own = rated.get(tenant.name);
    const problems = (own?.problems ?? []).map((message): Obstacle => ({ kind: 'problem', message }));
    const isEmpty = own === undefined || own.lines.length === 0;
    if (problems.length > 0) outcomes.push(refusal(tenant.name, ask.period, problems));
    else if (isEmpty && ask.evenIfEmpty !== true) outcomes.push({ tenant: tenant.name, outcome: 'empty' });
    else drafts.push(billOf({ tenant, standing, rated: own, periodName: ask.period, accepted }, deps));
  }
  return [...outcomes, ...(await keep(drafts, ask, deps))];
}

/** Numbers are taken and bills written in one transaction, in which nobody else closes any. */
async function keep(drafts: readonly Bill[], ask: Work['ask'], deps: CloseDeps): Promise<readonly TenantOutcome[]> {
  if (drafts.length === 0) return [];
  return deps.transaction(async (transaction) => {
    await waitForTurn(transaction);
    const names = drafts.map(({ tenant }) => tenant);
    const known = await selectOriginals(names, [ask.period], transaction);
    const knownNames = new Set(known.map(({ tenant }) => tenant));
    const fresh = drafts.filter(({ tenant }) => !knownNames.has(tenant));
    const overlaps = await selectOverlaps(fresh, transaction);
    const overlapping = new Map(overlaps.map(({ tenant, number }) => [tenant, number]));
    const bills = await numbered(
      fresh.filter(({ tenant }) => !overlapping.has(tenant)),
      ask.by,
      { transaction, deps },
    );
    await insertBills(bills, transaction);
    return [
      ...known.map(wasClosed),
      ...overlaps.map(({ tenant, number }) => overlap(tenant, ask.period, number)),
      ...bills.map(
        ({ tenant, number, total, currency }): TenantOutcome => ({
          tenant,
          outcome: 'closed',
          total,
          currency,
          ...(number !== undefined && { number }),
        }),
      ),
    ];
  });
}

/** As they are closed, in their order. */
export async function numbered(
  drafts: readonly Bill[],
  closedBy: string,
  { transaction, deps }: { readonly transaction: ReckonDeps['db']; readonly deps: Pick<ReckonDeps, 'clock' | 'now'> },
): Promise<readonly Bill[]> {
  if (drafts.length === 0) return [];
  const series = seriesOf(deps.now.settings, deps.clock.now() * 1000);
  const first = await takeNumbers(series, drafts.length, transaction);
  return drafts.map((draft, index) => {
    const bill: Bill = { ...draft, number: numberOf(series, first + index), state: 'closed', closedBy };
    return bill.details === undefined ? bill : { ...bill, details: { ...bill.details, hash: hashOfBill(bill) } };
  });
}

function groupsOf(spans: readonly TenantSpan[]): readonly (readonly TenantSpan[])[] {
  const groups = new Map<string, TenantSpan[]>();
  for (const each of spans) {
    const key = `${each.span.startMs} ${each.span.endMs}`;
    const group = groups.get(key) ?? [];
    groups.set(key, group);
    group.push(each);
  }
  return [...groups.values()];
}

function wasClosed(bill: {
  readonly tenant: string;
  readonly number: string;
  readonly total: string;
  readonly currency: string;
}): TenantOutcome {
  const { tenant, number, total, currency } = bill;
  return { tenant, outcome: 'was_closed', number, total, currency };
}

function isAborted({ signal }: Work['ask']): boolean {
  return signal?.aborted === true;
}

function aborted({ tenant }: TenantSpan): TenantOutcome {
  return { tenant: tenant.name, outcome: 'aborted' };
}

function refusal(tenant: string, period: string, obstacles: readonly Obstacle[]): TenantOutcome {
  return { tenant, outcome: 'refused', error: refused(`the bill of ${tenant} for ${period}`, obstacles) };
}

function overlap(tenant: string, period: string, number: string): TenantOutcome {
  const message = `${period} of ${tenant} overlaps bill ${number}, which is closed; close the periods between them first`;
  return { tenant, outcome: 'refused', error: new BillError('overlap', message) };
}

function ofNobody(): TenantOutcome {
  const message =
    'usage that is nobody’s is not billed: give it to a tenant in the billing file; its draft shows what it is';
  const obstacles: readonly Obstacle[] = [{ kind: 'unattributed', message }];
  return {
    tenant: unattributedTenant,
    outcome: 'refused',
    error: refused(`the bill of ${unattributedTenant}`, obstacles),
  };
}
