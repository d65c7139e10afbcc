import type { Rate } from '../bills/bill-book.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Meter } from '../meters/meter.ts';
import { type RateInput, ratePeriod } from '../pricing/rate-period.ts';
import type { DecimalText } from '../pricing/rated.ts';
import { type Pricing, segmentsOf } from '../pricing/segments.ts';
import type { Span } from '../span.ts';
import type { TenantDirectory } from '../subjects/tenant-directory.ts';

/** What costs are reckoned by, as configured now. */
export interface Rules {
  readonly directory: TenantDirectory;
  readonly meters: readonly Meter[];
  readonly pricing: Pricing;
}

export interface RateDeps {
  readonly ledger: Pick<Ledger, 'totals'>;
  readonly rules: () => Rules;
  /** What bills of periods before this moment used of credits, by tenant and credit. */
  readonly creditsUsed: (
    beforeMs: number,
    tenants: readonly string[],
  ) => Promise<ReadonlyMap<string, ReadonlyMap<string, DecimalText>>>;
}

export interface RateInputAsk {
  readonly period: Span;
  readonly tenants: readonly string[];
  readonly until?: bigint;
  readonly after?: bigint;
  /** Other prices that the sums must be good for. */
  readonly alsoFor?: readonly Pricing[];
}

/** The sums of the ledger that a rating needs, cut wherever a price or an owner changes. */
export async function rateInput(
  { period, tenants, until, after, alsoFor = [] }: RateInputAsk,
  { ledger, rules, creditsUsed }: RateDeps,
): Promise<RateInput> {
  const { directory, meters, pricing } = rules();
  const segments = segmentsOf({ ...pricing, period, directory, alsoFor });
  const totals = await ledger.totals({
    segments,
    meters: meters.map(({ name }) => name),
    ...(until === undefined ? {} : { until }),
    ...(after === undefined ? {} : { after }),
  });
  const used = await creditsUsed(period.startMs, tenants);
  return { ...pricing, period, totals, segments, directory, meters, tenants, creditsUsed: used };
}

/** Rates periods by what the ledger says. */
export function createRate(deps: RateDeps): Rate {
  return async (ask) => ratePeriod(await rateInput(ask, deps));
}
