import { csvLine } from '../../../kit/csv/csv-line.ts';
import type { Bill } from '../bills/bill.ts';
import { guarded } from '../formula-guard.ts';

const header = [
  'bill',
  'state',
  'corrects',
  'tenant',
  'cost_centre',
  'period_start',
  'period_end',
  'line',
  'kind',
  'meter',
  'sku',
  'cluster',
  'description',
  'from',
  'until',
  'quantity',
  'unit',
  'list_unit_price',
  'contracted_unit_price',
  'list_cost',
  'contracted_cost',
  'effective_cost',
  'amount',
  'currency',
  'price',
  'line_id',
];

/** One line for each line of the bill, for spreadsheets: exact numbers with a point, times in UTC, no formulas. */
export function* statementCsv(bill: Bill): Generator<string> {
  yield csvLine(header);
  for (const [index, line] of bill.lines.entries()) {
    const fields = [
      bill.number ?? '',
      bill.state,
      bill.corrects ?? '',
      bill.tenant,
      line.costCentre,
      instant(bill.period.startMs),
      instant(bill.period.endMs),
      String(index + 1),
      line.kind,
      line.meter,
      line.sku,
      line.cluster,
      line.description,
      instant(line.span.startMs),
      instant(line.span.endMs),
      line.quantity,
      line.unit,
      line.listUnitPrice,
      line.contractedUnitPrice,
      line.listCost,
      line.contractedCost,
      line.effectiveCost,
      line.amount,
      bill.currency,
      line.priceId,
      line.id,
    ];
    yield csvLine(fields.map(guarded));
  }
}

function instant(atMs: number): string {
  return new Date(atMs).toISOString();
}
