import type { Rate } from '../bills/bill-book.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Meter } from '../meters/meter.ts';
import { type RateInput, ratePeriod } from '../pricing/rate-period.ts';
import type { DecimalText, RatedBill } from '../pricing/rated.ts';
import { type Pricing, segmentsOf } from '../pricing/segments.ts';
import type { Span } from '../span.ts';
import type { TenantDirectory } from '../subjects/tenant-directory.ts';

/** What costs are reckoned by, as configured now. */
export interface Rules {
  readonly directory: TenantDirectory;
  readonly meters: readonly Meter[];
  readonly pricing: Pricing;
}

/** What bills of periods before this moment used of credits, by tenant and credit. */
export type CreditsUsed = (beforeMs: number) => Promise<ReadonlyMap<string, ReadonlyMap<string, DecimalText>>>;

export interface RateDeps {
  readonly ledger: Pick<Ledger, 'totals' | 'position'>;
  /** The same object as long as nothing is configured anew. */
  readonly rules: () => Rules;
  readonly creditsUsed: CreditsUsed;
}

export interface RateAsk {
  readonly period: Span;
  readonly until?: bigint;
  readonly after?: bigint;
  /** Other prices that the sums must be good for. */
  readonly alsoFor?: readonly Pricing[];
}

/** The sums of the ledger that a rating needs, cut wherever a price or an owner changes. */
export async function rateInput(
  { period, until, after, alsoFor = [] }: RateAsk,
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
  return { ...pricing, period, totals, segments, directory, meters, creditsUsed: await creditsUsed(period.startMs) };
}

/** Periods that somebody asks for one tenant after the other. */
const keptRatings = 6;

/**
 * Rates periods by what the ledger says, all tenants at once: what is divided is divided among all of them. Rows up to a position never change, so
 * neither does what they come to; it is kept for whoever asks for the next tenant.
 */
export function createRate(deps: RateDeps): Rate {
  const { ledger, rules, creditsUsed } = deps;
  const kept = new Map<string, { readonly rules: Rules; readonly bills: Promise<ReadonlyMap<string, RatedBill>> }>();

  async function rateAll(ask: RateAsk): Promise<ReadonlyMap<string, RatedBill>> {
    return ratePeriod(await rateInput(ask, deps));
  }

  return async ({ tenants, ...ask }) => {
    const until = ask.until ?? (await ledger.position());
    const now = rules();
    const credits = [...(await creditsUsed(ask.period.startMs))].map(([tenant, used]) => [tenant, [...used]]);
    const key = JSON.stringify([ask.period, String(until), String(ask.after), credits]);
    const known = kept.get(key);
    const rating = known?.rules === now ? known : { rules: now, bills: rateAll({ ...ask, until }) };
    kept.delete(key);
    kept.set(key, rating);
    for (const [oldest] of kept) if (kept.size > keptRatings) kept.delete(oldest);
    try {
      const all = await rating.bills;
      return new Map(tenants.flatMap((name) => entryOf(all, name)));
    } catch (error) {
      kept.delete(key);
      throw error;
    }
  };
}

function entryOf(all: ReadonlyMap<string, RatedBill>, name: string): readonly (readonly [string, RatedBill])[] {
  const bill = all.get(name);
  return bill === undefined ? [] : [[name, bill]];
}
