import type { Bill } from '../bills/bill.ts';
import { lineId } from '../pricing/line-id.ts';
import { createCards } from '../pricing/rate-card.ts';
import type { RatedLine } from '../pricing/rated.ts';
import { holdsAt } from '../pricing/read-values.ts';
import { segmentsOf } from '../pricing/segments.ts';
import { termsKey } from '../pricing/terms-key.ts';
import type { Span } from '../span.ts';
import type { Rules } from './rate-ledger.ts';

/** Parts of an id before those that tell price and terms: kind, meter, SKU, cluster, cost centre, origin. */
const partsBefore = 6;

/**
 * The parts of its time in which a line's price and terms held, such as all nights. All of its time where today's prices know no such line: they
 * were changed since.
 */
export function linePieces(line: RatedLine, { tenant, currency, period }: Bill, rules: Rules): readonly Span[] {
  const { pricing, directory } = rules;
  const findCards = createCards(pricing);
  const contracts = pricing.contracts.filter(({ tenants }) => tenants.includes(tenant));
  const { meter, sku, cluster } = line;
  const request = { kind: line.kind === 'idle' ? 'idle' : 'usage', meter, sku, cluster, currency } as const;
  const wanted = line.id.split('|').slice(partsBefore).join('|');

  function isOfLine({ startMs }: Span): boolean {
    const contract = contracts.find(({ validity }) => holdsAt(validity, startMs));
    const { cards } = findCards(request, contract, startMs);
    if (cards === undefined) return false;
    const terms = contract === undefined ? [] : [contract.name, termsKey(contract, startMs)];
    const agreed = cards.contracted === cards.list ? [] : [cards.contracted.key];
    return lineId(cards.list.key, ...terms, ...agreed) === wanted;
  }

  const pieces = segmentsOf({ ...pricing, period, directory })
    .map(({ span }) => span)
    .filter((span) => span.endMs > line.span.startMs && span.startMs < line.span.endMs && isOfLine(span));
  return pieces.length > 0 ? pieces : [line.span];
}
