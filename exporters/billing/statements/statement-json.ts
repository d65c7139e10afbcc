import type { Bill } from '../bills/bill.ts';
import { totalsOf } from './sections.ts';

/** The whole bill for programs: money and quantities are texts, times are in UTC, and what is exact stays exact. */
export function statementJson(bill: Bill): Readonly<Record<string, unknown>> {
  const { details } = bill;
  return {
    number: bill.number ?? null,
    state: bill.state,
    corrects: bill.corrects ?? null,
    issuer: details?.issuer ?? null,
    tenant: bill.tenant,
    title: bill.title,
    cost_centre: bill.costCentre,
    period: {
      name: details?.periodName ?? null,
      start: instant(bill.period.startMs),
      end: instant(bill.period.endMs),
      time_zone: bill.timeZone,
    },
    currency: bill.currency,
    total: bill.total,
    totals: totalsOf(bill),
    problems: bill.problems,
    lines: bill.lines.map(({ span, ...line }, index) => ({
      line: index + 1,
      ...line,
      from: instant(span.startMs),
      until: instant(span.endMs),
    })),
    coverage: bill.coverage ?? null,
    evidence: details?.evidence ?? null,
    accepted: details?.accepted ?? [],
    ledger_position: String(bill.ledgerPosition),
    price_book_hash: bill.priceBookHash,
    hash: details?.hash ?? null,
    created_at: instant(bill.createdAt * 1000),
    closed_by: bill.closedBy ?? null,
    terms: details?.terms ?? '',
  };
}

function instant(atMs: number): string {
  return new Date(atMs).toISOString();
}
