import { groupBy } from '../group-by.ts';
import type { Segment, UsageTotal } from '../ledger/ledger.ts';
import type { Meter } from '../meters/meter.ts';
import type { Span } from '../span.ts';
import type { Tenant, TenantDirectory } from '../subjects/tenant-directory.ts';
import { applyTerms } from './apply-terms.ts';
import { bucketsOf } from './buckets.ts';
import { collectPieces } from './collect-pieces.ts';
import type { Contract } from './contract.ts';
import { moneyText } from './currency.ts';
import { decimal, sumOf, zero } from './decimal.ts';
import type { TermedLine } from './draft.ts';
import { lineId } from './line-id.ts';
import { makeDrafts } from './make-drafts.ts';
import { createProblems, type Problems } from './problems.ts';
import { createCards } from './rate-card.ts';
import { type DecimalText, lineKinds, type RatedBill, type RatedLine } from './rated.ts';
import { commitmentLine, ratedLineOf } from './rated-lines.ts';
import { holdsAt, overlaps } from './read-values.ts';
import { amountsOf } from './round-lines.ts';
import { checkSegments, type Pricing } from './segments.ts';
import { settle } from './settle.ts';

export interface RateInput extends Pricing {
  readonly period: Span;
  /** Of the whole period, of all tenants, as the ledger sums them up by these segments. */
  readonly totals: Iterable<UsageTotal>;
  readonly segments: readonly Segment[];
  readonly directory: TenantDirectory;
  readonly meters: readonly Meter[];
  /** Whose bills are wanted; all of the directory unless given. What is divided is divided among all in any case. */
  readonly tenants?: readonly string[];
  /** What earlier bills used of credits, by tenant and id of the credit's line; see creditsUsedIn. */
  readonly creditsUsed?: ReadonlyMap<string, ReadonlyMap<string, DecimalText>>;
}

/**
 * Bills of all tenants for a period: quantities, list prices, prices of the contract, commitments, discounts, free units, rounding of each line, credits,
 * minimum and maximum, taxes. Throws RangeError for segments that segmentsOf did not make for these prices.
 */
export function ratePeriod(input: RateInput): ReadonlyMap<string, RatedBill> {
  checkSegments(input.segments, input);
  const problems = createProblems();
  const pieces = groupBy(collectPieces({ ...input, idle: input.priceBook.idle, problems }), ({ tenant }) => tenant);
  const buckets = bucketsOf(input.segments);
  const meters = new Map(input.meters.map((meter) => [meter.name, meter]));
  const findCards = createCards(input);
  const contracts = contractsByTenant(input.contracts);

  const termed = input.directory.tenants.map((tenant) => {
    const own = contracts.get(tenant.name) ?? [];
    const drafts = makeDrafts({
      tenant: tenant.name,
      currency: tenant.currency,
      pieces: pieces.get(tenant.name) ?? [],
      buckets,
      meters,
      contractAt: (atMs) => own.find(({ validity }) => holdsAt(validity, atMs)),
      findCards,
      problems,
    });
    const byContract = groupBy(drafts, ({ contract }) => contract?.name ?? '');
    const lines = [undefined, ...own].flatMap((contract) =>
      applyTerms(byContract.get(contract?.name ?? '') ?? [], contract, input.period),
    );
    return { tenant, contracts: own, lines };
  });
  const amounts = amountsOf(termed.flatMap(({ lines }) => lines));
  const wanted = new Set(input.tenants ?? termed.map(({ tenant }) => tenant.name));
  return new Map(
    termed
      .filter(({ tenant }) => wanted.has(tenant.name))
      .map((each) => [each.tenant.name, billOf(each, { ...input, amounts, meterOf: meters, problems })] as const),
  );
}

/** The bill of one tenant. Others are reckoned too where something is divided among them. */
export function rateTenant(input: RateInput, tenant: string): RatedBill {
  const bill = ratePeriod({ ...input, tenants: [tenant] }).get(tenant);
  if (bill === undefined) throw new RangeError(`there is no tenant ${tenant}`);
  return bill;
}

function contractsByTenant(contracts: readonly Contract[]): ReadonlyMap<string, readonly Contract[]> {
  const byTenant = new Map<string, Contract[]>();
  for (const contract of contracts) {
    for (const tenant of new Set(contract.tenants)) {
      const own = byTenant.get(tenant);
      if (own === undefined) byTenant.set(tenant, [contract]);
      else own.push(contract);
    }
  }
  return byTenant;
}

interface Termed {
  readonly tenant: Tenant;
  readonly contracts: readonly Contract[];
  readonly lines: readonly TermedLine[];
}

interface BillInput extends RateInput {
  readonly amounts: ReturnType<typeof amountsOf>;
  readonly meterOf: ReadonlyMap<string, Meter>;
  readonly problems: Problems;
}

function billOf({ tenant, contracts, lines }: Termed, input: BillInput): RatedBill {
  const { period, amounts, problems } = input;
  const rated = (contract: Contract | undefined) =>
    lines
      .filter(({ draft }) => draft.contract === contract)
      .map((line) => ratedLineOf(line, amounts.get(line) ?? zero));
  const inPeriod = contracts.filter(({ validity }) =>
    overlaps(validity, { fromMs: period.startMs, untilMs: period.endMs }),
  );
  const all = [
    ...inOrder(rated(undefined)),
    ...inPeriod.flatMap((contract) => linesOfContract(contract, rated(contract), tenant, input)),
  ];
  return {
    tenant: tenant.name,
    currency: tenant.currency,
    period,
    lines: all,
    total: moneyText(sumOf(all.map(({ amount }) => amount)), tenant.currency),
    problems: problems.of(tenant.name),
  };
}

function linesOfContract(
  contract: Contract,
  rated: readonly RatedLine[],
  tenant: Tenant,
  input: BillInput,
): readonly RatedLine[] {
  const { period, meterOf, creditsUsed } = input;
  const { currency, costCentre } = tenant;
  const commitments = contract.commitments.flatMap((commitment) => {
    const meter = meterOf.get(commitment.meter.text);
    return meter === undefined
      ? []
      : [commitmentLine(commitment, { contract, period, meter, currency, costCentre }) ?? []].flat();
  });
  const lines = inOrder([...rated, ...commitments]);
  const used = creditsUsed?.get(tenant.name);
  return [
    ...lines,
    ...settle({
      lines,
      contract,
      period,
      currency,
      costCentre,
      usedBefore: ({ name }) => decimal(used?.get(lineId('credit', contract.name, name)) ?? '0'),
    }),
  ];
}

/** By kind, then by what it is about, then by time. */
function inOrder(lines: readonly RatedLine[]): readonly RatedLine[] {
  return lines
    .map((line) => ({ line, rank: lineKinds.indexOf(line.kind), thing: thingOf(line) }))
    .sort(
      (left, right) =>
        left.rank - right.rank ||
        compareTexts(left.thing, right.thing) ||
        left.line.span.startMs - right.line.span.startMs ||
        compareTexts(left.line.id, right.line.id),
    )
    .map(({ line }) => line);
}

function thingOf({ meter, sku, cluster, costCentre }: RatedLine): string {
  return [meter, sku, cluster, costCentre].join('\0');
}

function compareTexts(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
