import type { Clock } from '../../../kit/clock.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { RatedBill } from '../pricing/rated.ts';
import type { Span } from '../span.ts';
import { type Tenant, unattributedTenant } from '../subjects/tenant-directory.ts';
import type { AcceptedObstacle, Bill, BillEvidence } from './bill.ts';
import type { BillBookDeps, BillRules, Rate } from './bill-book.ts';
import { BillError } from './bill-error.ts';
import { coverageOf, evidenceOf } from './bill-evidence.ts';
import { draftBill } from './draft-bill.ts';
import { type Obstacle, obstaclesOfPeriod } from './obstacles.ts';
import { tenantSpans } from './tenant-spans.ts';

/** What is known of a span of time before anything is priced. */
export interface Standing {
  readonly span: Span;
  readonly position: bigint;
  readonly evidence: BillEvidence;
  readonly obstacles: readonly Obstacle[];
}

export interface ReckonDeps {
  readonly db: BillBookDeps['db'];
  readonly ledger: Pick<Ledger, 'watermarks' | 'windows' | 'position'>;
  readonly rate: Rate;
  readonly clock: Clock;
  readonly now: BillRules;
}

/** A draft. */
export async function reckon(
  ask: { readonly tenant: string; readonly period: string },
  deps: ReckonDeps,
): Promise<Bill> {
  const tenant = findTenant(ask.tenant, deps.now);
  const [{ span } = noSpan()] = await tenantSpans([tenant], ask.period, deps);
  const standing = await standingOf(span, deps);
  const rated = await deps.rate({ period: span, tenants: [tenant.name], until: standing.position });
  const bill = billOf({ tenant, standing, rated: rated.get(tenant.name), periodName: ask.period, accepted: [] }, deps);
  return { ...bill, problems: [...bill.problems, ...standing.obstacles.map(({ message }) => message)] };
}

/** Watermarks first: what they vouch for is before the position that is read after them. */
export async function standingOf(
  span: Span,
  { ledger, clock, now }: Pick<ReckonDeps, 'ledger' | 'clock' | 'now'>,
): Promise<Standing> {
  const watermarks = await ledger.watermarks();
  const position = await ledger.position();
  const evidence = evidenceOf(await ledger.windows({ span }), span);
  const { minCoverage } = now.settings;
  const { expected } = now;
  const nowMs = clock.now() * 1000;
  const obstacles = obstaclesOfPeriod({
    span,
    nowMs,
    watermarks,
    evidence,
    minCoverage,
    ...(expected && { expected }),
  });
  return { span, position, evidence, obstacles };
}

export interface BillParts {
  readonly tenant: Tenant;
  readonly standing: Standing;
  readonly rated: RatedBill | undefined;
  readonly periodName: string;
  readonly accepted: readonly AcceptedObstacle[];
}

/** As a draft; who closes it adds the rest. */
export function billOf(
  { tenant, standing, rated, periodName, accepted }: BillParts,
  { clock, now }: Pick<ReckonDeps, 'clock' | 'now'>,
): Bill {
  const { span, position, evidence } = standing;
  const { issuer, anchorDay, terms } = now.settings;
  return draftBill(tenant, rated, {
    period: span,
    ledgerPosition: position,
    priceBookHash: now.priceBookHash,
    coverage: coverageOf(evidence.meters),
    createdAt: Math.floor(clock.now() * 1000) / 1000,
    details: { periodName, anchorDay, issuer, terms, evidence, accepted },
  });
}

/** Nobody is `unattributed`, but what is theirs can be looked at. Throws BillError. */
export function findTenant(name: string, { directory, settings }: BillRules): Tenant {
  const found = directory.tenants.find((tenant) => tenant.name === name);
  if (found !== undefined) return found;
  const { timeZone } = settings.issuer;
  if (name === unattributedTenant) {
    const currency = directory.tenants[0]?.currency ?? '';
    return { name, title: 'Unattributed usage', costCentre: '', timeZone, currency };
  }
  throw new BillError('unknown_tenant', `there is no tenant ${name}; the billing file names them under tenants`);
}

function noSpan(): never {
  throw new Error('no span was found for the tenant');
}
