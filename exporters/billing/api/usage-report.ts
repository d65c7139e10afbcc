import type { Ledger, Segment, TotalsQuery, UsageTotal } from '../ledger/ledger.ts';
import type { Span } from '../span.ts';
import type { Attribution, TenantDirectory } from '../subjects/tenant-directory.ts';
import type { ExactQuantity } from '../usage.ts';
import { createExactSum, type ExactSum } from './exact-sum.ts';

/** What usage can be told apart by, beside its meter. */
export const dimensions = [
  'day',
  'tenant',
  'cost_centre',
  'sku',
  'cluster',
  'node',
  'state',
  'reason',
  'rule',
] as const;
export type Dimension = (typeof dimensions)[number];

export interface UsageQuestion {
  /** Parts of the time that is asked for, in their order; the whole if days are not told apart. */
  readonly parts: readonly { readonly date: string; readonly span: Span }[];
  readonly by: readonly Dimension[];
  readonly meters: readonly string[];
  readonly clusters: readonly string[];
  readonly skus: readonly string[];
  readonly states: readonly string[];
  /** Undefined for all. */
  readonly tenants: ReadonlySet<string> | undefined;
  readonly maxRows: number;
}

export interface UsageRow {
  readonly meter: string;
  /** Those that were asked for. */
  readonly values: Readonly<Partial<Record<Dimension, string>>>;
  /** In base units of the meter, with all shares applied. */
  readonly quantity: ExactQuantity;
  /** True if a window lay across a border of the time that was asked for and was divided. */
  readonly isDivided: boolean;
}

interface Group {
  readonly meter: string;
  readonly values: UsageRow['values'];
  readonly sum: ExactSum;
  isDivided: boolean;
}

/** Sums of the ledger by whose they are now said to be. Undefined if there are more than `maxRows`. Throws what `signal` says once nobody waits. */
export async function usageReport(
  question: UsageQuestion,
  {
    ledger,
    directory,
    signal,
  }: { readonly ledger: Ledger; readonly directory: TenantDirectory; readonly signal: AbortSignal },
): Promise<readonly UsageRow[] | undefined> {
  const groups = new Map<string, Group>();
  // One part after the other, so that no more than that is in memory at once.
  for (const { date, span } of question.parts) {
    signal.throwIfAborted();
    const segments = segmentsOf(span, directory);
    for (const total of await ledger.totals(queryOf(segments, question))) {
      const atMs = segments[total.bucket]?.span.startMs ?? span.startMs;
      if (isWanted(total, question)) addTotal(groups, { total, date, atMs }, question, directory);
    }
    if (groups.size > question.maxRows) return undefined;
  }
  return [...groups.values()].map(({ sum, ...group }) => ({ ...group, quantity: sum.total() }));
}

/** Whose a usage is may change at these borders. */
function segmentsOf({ startMs, endMs }: Span, directory: TenantDirectory): readonly Segment[] {
  const inside = directory.cuts({ startMs, endMs }).filter((at) => at > startMs && at < endMs);
  const borders = [...new Set([startMs, ...inside, endMs])].sort((a, b) => a - b);
  return borders.slice(1).map((end, bucket) => ({ span: { startMs: borders[bucket] ?? startMs, endMs: end }, bucket }));
}

function queryOf(segments: readonly Segment[], { meters, clusters }: UsageQuestion): TotalsQuery {
  return { segments, ...(meters.length > 0 ? { meters } : {}), ...(clusters.length > 0 ? { clusters } : {}) };
}

function isWanted({ sku, state }: UsageTotal, { skus, states }: UsageQuestion): boolean {
  return (skus.length === 0 || skus.includes(sku)) && (states.length === 0 || states.includes(state));
}

function addTotal(
  groups: Map<string, Group>,
  { total, date, atMs }: { readonly total: UsageTotal; readonly date: string; readonly atMs: number },
  { by, tenants }: UsageQuestion,
  directory: TenantDirectory,
): void {
  for (const attribution of directory.attribute(total, atMs)) {
    if (tenants !== undefined && !tenants.has(attribution.tenant)) continue;
    const values = valuesOf(by, total, attribution, date);
    const key = JSON.stringify([total.meter, ...by.map((each) => values[each])]);
    const group = groups.get(key) ?? { meter: total.meter, values, sum: createExactSum(), isDivided: false };
    groups.set(key, group);
    group.sum.add(
      total.quantity * BigInt(total.share.num) * BigInt(attribution.share.num),
      total.share.den * attribution.share.den,
    );
    group.isDivided ||= total.isDivided;
  }
}

function valuesOf(
  by: readonly Dimension[],
  { sku, cluster, node, state, reason }: UsageTotal,
  { tenant, costCentre, by: rule }: Attribution,
  day: string,
): UsageRow['values'] {
  const all = { day, tenant, cost_centre: costCentre, sku, cluster, node, state, reason, rule };
  return Object.fromEntries(by.map((each) => [each, all[each]]));
}
