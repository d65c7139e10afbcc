import { exact, nothing, plus } from '../exact.ts';
import type { Ledger, LedgerEntry } from '../ledger/ledger.ts';
import type { Meter } from '../meters/meter.ts';
import { originalId } from '../pricing/correction.ts';
import { decimalText, sumOf } from '../pricing/decimal.ts';
import { decimalOf } from '../pricing/exact-decimal.ts';
import { kindOf } from '../pricing/kind-of.ts';
import type { DecimalText, RatedLine } from '../pricing/rated.ts';
import type { Span } from '../span.ts';
import type { Attribution, TenantDirectory } from '../subjects/tenant-directory.ts';
import type { Coverage, ExactQuantity } from '../usage.ts';
import type { Bill } from './bill.ts';
import type { BillBook } from './bill-book.ts';
import { type CountedPart, cutBy, type LineScope, partsOfEntry, partsOfTotal, stateOf } from './line-rows.ts';
import { type SampleQuery, sampleQueries } from './sample-queries.ts';

/** A closed bill, or the draft of a period. */
export type BillRef = { readonly number: string } | { readonly tenant: string; readonly period: string };

export interface RowPage {
  /** Rows of the ledger after this position. */
  readonly after: bigint;
  readonly limit: number;
}

/** Where a line comes from. */
export interface Explanation {
  readonly line: RatedLine;
  /** A page of the rows of the ledger of which the line is made, oldest first. Empty for lines about the whole bill: see their steps. */
  readonly rows: readonly ExplainedRow[];
  /** Position to go on after; undefined on the last page. */
  readonly next: bigint | undefined;
  /** The windows of these rows. */
  readonly windows: readonly ExplainedWindow[];
  /** What to ask Prometheus for the samples of these rows. */
  readonly queries: readonly SampleQuery[];
  /** Of the quantities of rows: ms. Empty for lines without rows. */
  readonly baseUnit: string;
  /** Of all rows, not of this page alone; undefined for lines without rows. */
  readonly sum: LineSum | undefined;
}

export interface LineSum {
  /** In the unit of the line. */
  readonly quantity: DecimalText;
  /**
   * Whether it is the quantity of the line, digit for digit, or of all lines that share the rows; undefined where the rows are those of a pool that was
   * divided.
   */
  readonly matches: boolean | undefined;
  /** Other lines that are of the same rows: of what a commitment covers, and of what is beyond it. */
  readonly sharedWith: readonly string[];
  /** How the parts of GPUs count: share, by their part; instance, as one each. */
  readonly countedBy: 'share' | 'instance';
}

export interface ExplainedRow extends LedgerEntry {
  /** Whose it is, how much of it, and by which rule. */
  readonly attribution: Attribution;
  /** What of it is in the line, in the unit of the line. */
  readonly counted: ExactQuantity;
}

export interface ExplainedWindow {
  readonly meter: string;
  readonly cluster: string;
  readonly span: Span;
  readonly revision: number;
  readonly hash: string;
  readonly coverage: Coverage;
  readonly evidence: { readonly source: string; readonly queries: readonly string[]; readonly samples: number };
}

export interface ExplainDeps {
  readonly bills: Pick<BillBook, 'bill' | 'draft' | 'chain'>;
  readonly ledger: Pick<Ledger, 'entries' | 'totals' | 'windows'>;
  readonly directory: () => TenantDirectory;
  readonly meters: () => readonly Meter[];
  /** Parts of the line's span in which its price held, such as all nights; all of the span if it is left out. */
  readonly segmentsOf?: (line: RatedLine, bill: Bill) => readonly Span[];
  /** Whether an attribution of the tenant is in this line; by the cost centre if it is left out. */
  readonly belongs?: (line: RatedLine, attribution: Attribution) => boolean;
}

const maxRows = 1000;
/** Rows that are looked through for one page. */
const maxScanned = 50_000;

/** Explains lines of bills by their id; undefined for a bill or a line that there is not. */
export function createExplainer(deps: ExplainDeps) {
  return async function explain(ref: BillRef, lineId: string, page: RowPage): Promise<Explanation | undefined> {
    const bill = 'number' in ref ? await deps.bills.bill(ref.number) : await deps.bills.draft(ref.tenant, ref.period);
    const line = bill?.lines.find(({ id }) => id === lineId);
    if (bill === undefined || line === undefined) return undefined;
    const meter = deps.meters().find(({ name }) => name === line.meter);
    const state = stateOf(line);
    if (meter === undefined || state === undefined)
      return { line, rows: [], next: undefined, windows: [], queries: [], baseUnit: '', sum: undefined };
    return explainRows({ bill, line, meter, page }, deps);
  };
}

interface Asked {
  readonly bill: Bill;
  readonly line: RatedLine;
  readonly meter: Meter;
  readonly page: RowPage;
}

async function explainRows(asked: Asked, deps: ExplainDeps): Promise<Explanation> {
  const { bill, line, page } = asked;
  const since = await positionBefore(bill, deps);
  const scope = scopeOf(asked, deps);
  const sharing = linesOfRows(bill, line);
  const { sum, resources, isByShare } = await sumOfRows(
    { ...scope, sharing },
    { since, until: bill.ledgerPosition },
    deps,
  );
  const { rows, next } = await pageOfRows({ ...scope, isByShare }, { bill, since, page, resources }, deps);
  const windows = await windowsOf(rows, line, deps);
  return { line, rows, next, windows, queries: sampleQueries(windows), baseUnit: asked.meter.unit.base, sum };
}

/** Of a correction: rows after what was billed before. */
async function positionBefore(bill: Bill, { bills }: ExplainDeps): Promise<bigint | undefined> {
  if (bill.corrects === undefined) return undefined;
  const chain = await bills.chain(bill.tenant, bill.details?.periodName ?? '');
  return chain.filter(({ ledgerPosition }) => ledgerPosition < bill.ledgerPosition).at(-1)?.ledgerPosition;
}

function scopeOf({ bill, line, meter }: Asked, deps: ExplainDeps): LineScope {
  const directory = deps.directory();
  const spans = deps.segmentsOf?.(line, bill) ?? [line.span];
  return {
    line,
    tenant: bill.tenant,
    directory: line.kind === 'idle' ? wholePool(bill, line) : directory,
    meter,
    pieces: line.kind === 'idle' ? spans : cutBy(spans, directory),
    belongs: deps.belongs ?? (({ costCentre }, attribution) => costCentre === attribution.costCentre),
    isByShare: true,
  };
}

/** Idle capacity is divided among tenants as a whole; which part is theirs stands in the steps of the line. */
function wholePool({ tenant }: Bill, { costCentre }: RatedLine): LineScope['directory'] {
  const attribution = { tenant, costCentre, share: { num: 1, den: 1 }, by: 'idle capacity; the steps tell the part' };
  return { attribute: () => [attribution], cuts: () => [] };
}

/** The line, and those that a commitment divided from it: together they are of all rows. */
function linesOfRows(bill: Bill, line: RatedLine): readonly RatedLine[] {
  const keyOf = (each: RatedLine): string => originalId(each.id).split('|').slice(1).join('|');
  const isUsage = (each: RatedLine): boolean => ['usage', 'overage'].includes(kindOf(each));
  const key = keyOf(line);
  if (key === '' || !isUsage(line)) return [line];
  return [line, ...bill.lines.filter((each) => each !== line && isUsage(each) && keyOf(each) === key)];
}

interface Positions {
  readonly since: bigint | undefined;
  readonly until: bigint;
}

/** By sums of the ledger, which take as long for a million rows as for a hundred. */
async function sumOfRows(
  scope: LineScope & { readonly sharing: readonly RatedLine[] },
  { since, until }: Positions,
  { ledger }: ExplainDeps,
) {
  const { line, pieces, sharing } = scope;
  const totals = await ledger.totals({
    segments: pieces.map((span, bucket) => ({ span, bucket })),
    meters: [line.meter],
    clusters: [line.cluster],
    until,
    ...(since !== undefined && { after: since }),
  });
  const counted = (isByShare: boolean): ExactQuantity =>
    totals
      .flatMap((total) => partsOfTotal(total, { ...scope, isByShare }))
      .reduce((sum, part) => plus(sum, part.counted), nothing);
  const [byShare, byInstance] = [quantityText(counted(true)), quantityText(counted(false))];
  const isSaid = (sum: DecimalText): boolean => isQuantityOf(sharing, sum);
  const isByShare = isSaid(byShare) || !isSaid(byInstance);
  const quantity = isByShare ? byShare : byInstance;
  const resources = totals.filter((total) => partsOfTotal(total, scope).length > 0).map(({ resource }) => resource);
  const sum: LineSum = {
    quantity,
    matches: line.kind === 'idle' ? undefined : isSaid(quantity),
    sharedWith: sharing.filter((each) => each !== line).map(({ id }) => id),
    countedBy: isByShare ? 'share' : 'instance',
  };
  return { sum, resources: [...new Set(resources)], isByShare };
}

/** Of several, each is cut after its last digit. */
const lastDigits = '0.0000000000000000001';

function isQuantityOf(lines: readonly RatedLine[], sum: DecimalText): boolean {
  const [only, ...others] = lines;
  if (others.length === 0) return only?.quantity === sum;
  const said = sumOf(lines.map(({ quantity }) => (quantity === '' ? '0' : quantity)));
  return said.minus(sum).abs().lessThanOrEqualTo(lastDigits);
}

interface PageAsk {
  readonly bill: Bill;
  readonly since: bigint | undefined;
  readonly page: RowPage;
  readonly resources: readonly string[];
}

async function pageOfRows(scope: LineScope, { bill, since, page, resources }: PageAsk, { ledger }: ExplainDeps) {
  const limit = Math.max(1, Math.min(maxRows, page.limit));
  const rows: ExplainedRow[] = [];
  let after = since !== undefined && since > page.after ? since : page.after;
  for (let scanned = 0; scanned < maxScanned; ) {
    const asked = Math.max(limit, maxRows);
    const { line } = scope;
    const entries = await ledger.entries({
      span: line.span,
      meters: [line.meter],
      clusters: [line.cluster],
      skus: [line.sku],
      // Rows that add up to nothing are of no resource that the sums know.
      ...(resources.length > 0 && since === undefined && line.kind !== 'idle' && { resources }),
      after,
      until: bill.ledgerPosition,
      limit: asked,
    });
    for (const entry of entries) {
      rows.push(...explained(entry, partsOfEntry(entry, scope)));
      after = entry.position;
      if (rows.length >= limit) return { rows, next: after };
    }
    if (entries.length < asked) return { rows, next: undefined };
    scanned += entries.length;
  }
  return { rows, next: after };
}

/** One for each rule; parts of a row that a price or an attribution cuts are added up. */
function explained(entry: LedgerEntry, parts: readonly CountedPart[]): readonly ExplainedRow[] {
  const byRule = new Map<string, ExplainedRow>();
  for (const { attribution, counted } of parts) {
    const key = `${attribution.by} ${attribution.share.num}/${attribution.share.den}`;
    const sum = plus(byRule.get(key)?.counted ?? exact(0n), counted);
    byRule.set(key, { ...entry, attribution, counted: sum });
  }
  return [...byRule.values()];
}

async function windowsOf(
  rows: readonly ExplainedRow[],
  { meter, cluster }: RatedLine,
  { ledger }: ExplainDeps,
): Promise<readonly ExplainedWindow[]> {
  if (rows.length === 0) return [];
  const starts = new Set(rows.map(({ span }) => span.startMs));
  const span = { startMs: Math.min(...starts), endMs: Math.max(...rows.map((row) => row.span.endMs)) };
  const windows = await ledger.windows({ span, meter, cluster });
  return windows
    .filter((window) => starts.has(window.span.startMs))
    .map(({ span: own, revision, hash, coverage, evidence }) => ({
      meter,
      cluster,
      span: own,
      revision,
      hash,
      coverage,
      evidence,
    }));
}

function quantityText(quantity: ExactQuantity): DecimalText {
  return decimalText(decimalOf(quantity));
}
