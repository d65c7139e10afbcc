import type { Bill } from '../bills/bill.ts';
import type { BillSummary } from '../bills/bill-rows.ts';
import type { ExplainedRow, ExplainedWindow, Explanation } from '../bills/explain.ts';
import type { SampleQuery } from '../bills/sample-queries.ts';
import type { BudgetReport } from '../budgets/budget-report.ts';
import type { QuotaReading } from '../budgets/quota.ts';
import type { LedgerEntry } from '../ledger/ledger.ts';
import { digitsOf, moneyText } from '../pricing/currency.ts';
import { decimal } from '../pricing/decimal.ts';
import type { RatedLine } from '../pricing/rated.ts';
import type { Span } from '../span.ts';
import type { Tenant } from '../subjects/tenant-directory.ts';
import type { Coverage, Gap } from '../usage.ts';
import { exactText } from './exact-sum.ts';
import type { BackfillJob, MeterStatus, SourceStatus } from './services.ts';

/** What the API answers, as JSON has it. Times are RFC 3339, money and quantities decimal texts; what is not known is left out. */
export type View = Readonly<Record<string, unknown>>;

export function instant(atMs: number): string;
export function instant(atMs: number | undefined): string | undefined;
export function instant(atMs: number | undefined): string | undefined {
  return atMs === undefined ? undefined : new Date(atMs).toISOString();
}

export function instantOfSeconds(seconds: number | undefined): string | undefined {
  return seconds === undefined ? undefined : instant(Math.round(seconds * 1000));
}

export function spanView({ startMs, endMs }: Span): View {
  return { from: instant(startMs), to: instant(endMs) };
}

export function tenantView({ name, title, costCentre, timeZone, currency }: Tenant): View {
  return { name, title, cost_centre: costCentre, time_zone: timeZone, currency };
}

/** A bill without its lines. */
export function headingView(bill: Bill | BillSummary): View {
  return {
    number: bill.number,
    state: bill.state,
    corrects: bill.corrects,
    tenant: bill.tenant,
    title: bill.title,
    cost_centre: bill.costCentre,
    currency: bill.currency,
    time_zone: bill.timeZone,
    period_name: 'periodName' in bill ? bill.periodName : bill.details?.periodName,
    period: spanView(bill.period),
    total: bill.total,
    line_count: 'lineCount' in bill ? bill.lineCount : bill.lines.length,
    problems: 'problems' in bill ? bill.problems : undefined,
    ledger_position: String(bill.ledgerPosition),
    price_book_hash: bill.priceBookHash,
    coverage: bill.coverage,
    created_at: instantOfSeconds(bill.createdAt),
    closed_by: bill.closedBy,
  };
}

export function billView(bill: Bill): View {
  return { ...headingView(bill), details: snakeCased(bill.details), lines: bill.lines.map(lineView) };
}

export function lineView(line: RatedLine): View {
  return {
    id: line.id,
    kind: line.kind,
    meter: line.meter,
    sku: line.sku,
    cluster: line.cluster,
    cost_centre: line.costCentre,
    description: line.description,
    period: spanView(line.span),
    quantity: line.quantity,
    unit: line.unit,
    list_unit_price: line.listUnitPrice,
    contracted_unit_price: line.contractedUnitPrice,
    list_cost: line.listCost,
    contracted_cost: line.contractedCost,
    effective_cost: line.effectiveCost,
    amount: line.amount,
    price_id: line.priceId,
    steps: line.steps,
    corrects: line.corrects,
    covered_by: line.coveredBy,
  };
}

export function entryView(entry: LedgerEntry): View {
  const { position, span, revision, quantity, recordedAt, share, ...key } = entry;
  return {
    position: String(position),
    window: spanView(span),
    revision,
    meter: key.meter,
    cluster: key.cluster,
    node: key.node,
    resource: key.resource,
    sku: key.sku,
    state: key.state,
    reason: key.reason,
    holder: key.holder,
    share: shareText(share),
    quantity: String(quantity),
    recorded_at: instantOfSeconds(recordedAt),
  };
}

export function explanationView({ line, rows, windows, queries, baseUnit, sum, next }: Explanation): View {
  return {
    line: lineView(line),
    base_unit: baseUnit,
    rows: rows.map(explainedRowView),
    sum:
      sum === undefined
        ? undefined
        : { quantity: sum.quantity, matches: sum.matches, shared_with: sum.sharedWith, counted_by: sum.countedBy },
    windows: windows.map(explainedWindowView),
    queries: queries.map(sampleQueryView),
    next: next === undefined ? undefined : Number(next),
  };
}

function sampleQueryView({ kind, source, cluster, query, span, path }: SampleQuery): View {
  return { kind, source, cluster, query, ...spanView(span), path };
}

function explainedRowView(row: ExplainedRow): View {
  const { tenant, costCentre, share, by } = row.attribution;
  return {
    ...entryView(row),
    attribution: { tenant, cost_centre: costCentre, share: shareText(share), by },
    counted: exactText(row.counted),
  };
}

function explainedWindowView({ meter, cluster, span, revision, hash, coverage, evidence }: ExplainedWindow): View {
  return { meter, cluster, window: spanView(span), revision, hash, coverage: coverageView(coverage), evidence };
}

export function coverageView({ expectedScrapes, seenScrapes, gaps, gapMs, isHeld }: Coverage): View {
  return {
    expected_scrapes: expectedScrapes,
    seen_scrapes: seenScrapes,
    gap_seconds: gapMs / 1000,
    held: isHeld,
    gaps: gaps.map(gapView),
  };
}

export function gapView({ span, where, policy }: Gap): View {
  return { ...spanView(span), where, policy };
}

export function meterStatusView(status: MeterStatus, nowSeconds: number): View {
  const { cluster, meter, source, fromMs, untilMs, coverage, heldWindows, conservationError, trouble } = status;
  return {
    cluster,
    meter,
    source,
    metered_from: instant(fromMs),
    metered_until: instant(untilMs),
    age_seconds: untilMs === undefined ? undefined : Math.max(0, Math.round(nowSeconds - untilMs / 1000)),
    coverage,
    held_windows: heldWindows,
    conservation_error: conservationError === undefined ? undefined : exactText(conservationError),
    trouble,
  };
}

export function sourceStatusView({ name, type, isUp, lastSuccess, error }: SourceStatus): View {
  return { name, type, up: isUp, last_success: instantOfSeconds(lastSuccess), error };
}

export function jobView(job: BackfillJob): View {
  const { id, span, clusters, meters, by, state, windowsDone, windowsTotal, rowsAdded, reason } = job;
  return {
    id,
    ...spanView(span),
    clusters,
    meters,
    by,
    state,
    windows_done: windowsDone,
    windows_total: windowsTotal,
    rows_added: rowsAdded,
    started_at: instantOfSeconds(job.startedAt),
    ended_at: instantOfSeconds(job.endedAt),
    reason,
  };
}

export function budgetView(report: BudgetReport): View {
  const { budget, tenant, costCentre, clusters, meters, span, currency, amount, cost, remaining } = report;
  return {
    name: budget,
    tenant,
    cost_centre: costCentre,
    clusters,
    meters,
    period_name: report.period,
    period: spanView(span),
    currency,
    amount: moneyText(decimal(amount), currency),
    spent: moneyText(decimal(cost), currency),
    remaining: moneyText(decimal(remaining), currency),
    ratio: report.usedRatio,
    elapsed_ratio: report.elapsedRatio,
    spent_at: instant(report.spentAtMs),
    forecasts: report.forecasts.map(({ method, expected, low, high, days }) => ({
      method,
      expected: estimate(expected, currency),
      low: estimate(low, currency),
      high: estimate(high, currency),
      days,
    })),
    steps: report.steps.map(({ at, isReached }) => ({ ratio: at, reached: isReached })),
    problems: report.problems,
  };
}

function estimate(value: number | undefined, currency: string): string | undefined {
  return value?.toFixed(digitsOf(currency));
}

export function quotaView({ tenant, cluster, quota, resource, used, limit }: QuotaReading): View {
  return { tenant, cluster, quota, resource, used, limit, ratio: limit > 0 ? used / limit : undefined };
}

function shareText({ num, den }: { readonly num: number; readonly den: number }): string {
  return den === 1 ? String(num) : `${num}/${den}`;
}

/** As JSON has it: names in snake case, bigints as texts. */
export function snakeCased(value: unknown): unknown {
  if (typeof value === 'bigint') return String(value);
  if (Array.isArray(value)) return value.map(snakeCased);
  if (typeof value !== 'object' || value === null) return value;
  const cased = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [cased(name), snakeCased(each)]));
}
