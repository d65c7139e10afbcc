import { type Claim, manualSource } from './claim.ts';

/** Whom to believe where sources disagree. */
export interface Precedence {
  /** Names of sources, the surest first. Those that are not named come last, by name. */
  readonly order: readonly string[];
  /** Other orders for single attributes. */
  readonly ofAttribute: ReadonlyMap<string, readonly string[]>;
}

/** People first, then sources that still see the item, then those that saw it once; each in the order of the precedence. */
export function inOrder(claims: readonly Claim[], order: readonly string[]): readonly Claim[] {
  const rank = ({ source, missingSince }: Claim): number => {
    if (source === manualSource) return -1;
    const place = order.indexOf(source);
    return (place < 0 ? order.length : place) + (missingSince === undefined ? 0 : order.length + 1);
  };
  return [...claims].sort((a, b) => rank(a) - rank(b) || (a.source < b.source ? -1 : 1));
}
