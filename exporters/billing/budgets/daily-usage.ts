import type { Ledger } from '../ledger/ledger.ts';
import type { TenantDirectory } from '../subjects/tenant-directory.ts';
import { type CalendarDay, daysOf } from './calendar.ts';
import type { UsageOn } from './daily-costs.ts';
import { historyDays } from './forecast.ts';
import { type DayUsage, usageKey, usageOfTotals } from './usage-by-day.ts';

export interface DailyUsage {
  /** Reads what is missing, some days at a time. Undefined until all days are there: part of them would draw all costs to it. */
  readonly read: (ask: DailyUsageAsk) => Promise<UsageOn | undefined>;
}

export interface DailyUsageAsk {
  readonly directory: Pick<TenantDirectory, 'attribute' | 'tenants'>;
  /** Up to here everything is metered. */
  readonly untilMs: number;
}

export interface DailyUsageDeps {
  readonly ledger: Pick<Ledger, 'totals'>;
  /** Days that one reading asks the ledger for, besides those that may still change. */
  readonly daysAtOnce?: number;
}

const dayMs = 86_400_000;
/** Late data change them; what is older changes proportions too little to be read again. */
const freshDays = 2;

/** What was used on each of the last days, remembered by tenant and SKU alone. Days are those of the tenants' time zones. */
export function createDailyUsage({ ledger, daysAtOnce = 14 }: DailyUsageDeps): DailyUsage {
  const known = new Map<string, DayUsage>();
  let of: DailyUsageAsk['directory'] | undefined;

  async function readDay({ span }: CalendarDay, { directory }: DailyUsageAsk): Promise<DayUsage> {
    const totals = await ledger.totals({ segments: [{ span, bucket: 0 }] });
    return usageOfTotals(totals, directory, span.startMs);
  }

  async function readZone(zone: string, days: readonly CalendarDay[], ask: DailyUsageAsk): Promise<boolean> {
    const newest = [...days].reverse();
    const missing = newest.slice(freshDays).filter(({ day }) => !known.has(keyOf(zone, day)));
    for (const day of [...newest.slice(0, freshDays), ...missing.slice(0, daysAtOnce)])
      known.set(keyOf(zone, day.day), await readDay(day, ask));
    return missing.length <= daysAtOnce;
  }

  return {
    read: async (ask) => {
      // Tenants may have other namespaces now.
      if (of !== ask.directory) known.clear();
      of = ask.directory;
      const span = { startMs: ask.untilMs - historyDays * dayMs, endMs: ask.untilMs };
      const zones = [...new Set(ask.directory.tenants.map(({ timeZone }) => timeZone))];
      const days = new Map(zones.map((zone) => [zone, daysOf(span, zone)]));
      forgetOthers(known, days);
      let isComplete = true;
      for (const [zone, ofZone] of days) isComplete = (await readZone(zone, ofZone, ask)) && isComplete;
      return isComplete ? usageFrom(known, days) : undefined;
    },
  };
}

type DaysOfZones = ReadonlyMap<string, readonly CalendarDay[]>;

function forgetOthers(known: Map<string, DayUsage>, days: DaysOfZones): void {
  const wanted = new Set([...days].flatMap(([zone, ofZone]) => ofZone.map(({ day }) => keyOf(zone, day))));
  for (const key of known.keys()) if (!wanted.has(key)) known.delete(key);
}

function usageFrom(known: ReadonlyMap<string, DayUsage>, days: DaysOfZones): UsageOn {
  return ({ tenant, timeZone }, line) => {
    const ofZone = days.get(timeZone) ?? [];
    const first = ofZone[0]?.span.startMs;
    // Of a line that begins before, only a part of the days is known.
    if (first === undefined || line.span.startMs < first) return undefined;
    const key = usageKey(tenant, line);
    return new Map(ofZone.map(({ day }) => [day, known.get(keyOf(timeZone, day))?.get(key) ?? 0]));
  };
}

function keyOf(zone: string, day: string): string {
  return `${day} ${zone}`;
}
