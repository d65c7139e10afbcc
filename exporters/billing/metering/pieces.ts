import type { Accrual } from './accrual.ts';

/** Takes pieces in their order and puts them together. */
export interface Pieces {
  /** Nothing is added for an amount of 0. */
  readonly add: (fromMs: number, toMs: number, amount: number) => void;
  readonly accrual: () => Accrual;
}

/** `room` pieces at least fit without growing. Pieces that follow each other with the same whole amount in each ms become one. */
export function collectPieces(room: number): Pieces {
  let [from, to, amounts] = [new Float64Array(room), new Float64Array(room), new Float64Array(room)];
  let count = 0;

  function add(fromMs: number, toMs: number, amount: number): void {
    if (amount === 0) return;
    const last = count - 1;
    const [lastFrom = 0, lastTo = 0, lastAmount = 0] = [from[last], to[last], amounts[last]];
    const rate = amount / (toMs - fromMs);
    const sum = lastAmount + amount;
    if (
      count > 0 &&
      lastTo === fromMs &&
      Number.isInteger(rate) &&
      lastAmount === rate * (lastTo - lastFrom) &&
      sum <= Number.MAX_SAFE_INTEGER
    ) {
      to[last] = toMs;
      amounts[last] = sum;
      return;
    }
    if (count === from.length) [from, to, amounts] = [grown(from), grown(to), grown(amounts)];
    from[count] = fromMs;
    to[count] = toMs;
    amounts[count] = amount;
    count++;
  }

  return {
    add,
    accrual: () => ({ fromMs: from.slice(0, count), toMs: to.slice(0, count), amounts: amounts.slice(0, count) }),
  };
}

function grown(array: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(2 * array.length + 16);
  larger.set(array);
  return larger;
}
