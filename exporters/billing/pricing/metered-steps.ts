import { groupBy } from '../group-by.ts';
import type { Meter } from '../meters/meter.ts';
import type { ExactQuantity } from '../usage.ts';
import type { Piece } from './piece.ts';
import type { RateCard } from './rate-card.ts';
import { showQuantity } from './show.ts';

/** Ways of dividing a GPU that one line names. */
const maxShown = 8;

/** How the units of a line come from what the ledger has. */
export function meteredSteps(
  pieces: readonly Piece[],
  { unit }: Meter,
  { isPerInstance }: RateCard,
  quantity: ExactQuantity,
): readonly string[] {
  const factorsOf = ({ share, part, origin }: Piece) => [
    ...(isPerInstance || share.num === share.den ? [] : [`× ${share.num}/${share.den}`]),
    ...(origin === '' ? [] : [`× ${showPart(part)} (${origin})`]),
  ];
  const groups = [...groupBy(pieces, (piece) => factorsOf(piece).join(' '))];
  const amounts = groups.map(([factors, group]) => {
    const amount = group.reduce((sum, piece) => sum + piece.amount, 0n);
    return [`${amount} ${unit.base}`, factors].filter(Boolean).join(' ');
  });
  const shown = amounts.slice(0, maxShown).join(' + ');
  const more = amounts.length > maxShown ? ` + ${amounts.length - maxShown} more` : '';
  const whole = amounts.length > 1 ? `(${shown}${more})` : shown;
  return [`metered: ${whole} ÷ ${unit.perPriced} ${unit.base} = ${showQuantity(quantity)} ${unit.priced}`];
}

function showPart(part: ExactQuantity): string {
  return part.den < 1_000_000n ? `${part.num}/${part.den}` : showQuantity(part);
}
