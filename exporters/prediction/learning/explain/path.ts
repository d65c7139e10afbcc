/**
 * The columns that were asked for on the way to a node. Each has the share of training rows that go this way (`zero`) and whether the row that is
 * explained goes this way (`one`). A weight at n is the sum over all sets of n of them, as Lundberg 2018 has it. All paths share arrays that are made
 * once; each depth has its own stretch of them, which begins at `at`.
 */
export interface Paths {
  /** Copies the first `length` parts of the path at `from` to `at` and puts one more behind them. */
  readonly extend: (from: number, at: number, length: number, zero: number, one: number, column: number) => void;
  /** Which part has the column; -1 if none. `last` is the last part. */
  readonly find: (at: number, last: number, column: number) => number;
  readonly zero: (at: number) => number;
  readonly one: (at: number) => number;
  /** Takes a part out, so that the path has one less. */
  readonly unwind: (at: number, last: number, taken: number) => void;
  /** Adds what each column of the path does to the leaf at its end. */
  readonly addLeaf: (at: number, last: number, value: number, contributions: Float64Array) => void;
}

export function createPaths(maxDepth: number): Paths {
  const room = ((maxDepth + 2) * (maxDepth + 3)) / 2;
  const columns = new Int32Array(room);
  const zeros = new Float64Array(room);
  const ones = new Float64Array(room);
  const weights = new Float64Array(room);

  function extend(from: number, at: number, length: number, zero: number, one: number, column: number): void {
    for (let part = 0; part < length; part++) {
      move(from + part, at + part);
      weights[at + part] = weights[from + part] ?? 0;
    }
    columns[at + length] = column;
    zeros[at + length] = zero;
    ones[at + length] = one;
    weights[at + length] = length === 0 ? 1 : 0;
    for (let part = length - 1; part >= 0; part--) {
      const weight = weights[at + part] ?? 0;
      weights[at + part + 1] = (weights[at + part + 1] ?? 0) + (one * weight * (part + 1)) / (length + 1);
      weights[at + part] = (zero * weight * (length - part)) / (length + 1);
    }
  }

  function move(from: number, to: number): void {
    columns[to] = columns[from] ?? 0;
    zeros[to] = zeros[from] ?? 0;
    ones[to] = ones[from] ?? 0;
  }

  function find(at: number, last: number, column: number): number {
    for (let part = 1; part <= last; part++) if (columns[at + part] === column) return part;
    return -1;
  }

  function unwind(at: number, last: number, taken: number): void {
    if (ones[at + taken] === 0) unwindCold(at, last, zeros[at + taken] ?? 0);
    else unwindHot(at, last, zeros[at + taken] ?? 0, ones[at + taken] ?? 0);
    for (let part = at + taken; part < at + last; part++) move(part + 1, part);
  }

  function unwindCold(at: number, last: number, zero: number): void {
    for (let part = last - 1; part >= 0; part--)
      weights[at + part] = ((weights[at + part] ?? 0) * (last + 1)) / (zero * (last - part));
  }

  function unwindHot(at: number, last: number, zero: number, one: number): void {
    let next = weights[at + last] ?? 0;
    for (let part = last - 1; part >= 0; part--) {
      const weight = weights[at + part] ?? 0;
      const without = (next * (last + 1)) / ((part + 1) * one);
      weights[at + part] = without;
      next = weight - (without * zero * (last - part)) / (last + 1);
    }
  }

  function addLeaf(at: number, last: number, value: number, contributions: Float64Array): void {
    for (let part = 1; part <= last; part++) {
      const column = columns[at + part] ?? 0;
      const zero = zeros[at + part] ?? 0;
      const one = ones[at + part] ?? 0;
      const sum = one === 0 ? coldSum(at, last, zero) : hotSum(at, last, zero, one);
      contributions[column] = (contributions[column] ?? 0) + sum * (last + 1) * (one - zero) * value;
    }
  }

  /** The sum of the weights that `unwindCold` would leave, but for last + 1. */
  function coldSum(at: number, last: number, zero: number): number {
    let sum = 0;
    for (let part = last - 1; part >= 0; part--) sum += (weights[at + part] ?? 0) / (zero * (last - part));
    return sum;
  }

  function hotSum(at: number, last: number, zero: number, one: number): number {
    let next = weights[at + last] ?? 0;
    let sum = 0;
    for (let part = last - 1; part >= 0; part--) {
      const without = next / ((part + 1) * one);
      sum += without;
      next = (weights[at + part] ?? 0) - without * zero * (last - part);
    }
    return sum;
  }

  return { extend, find, zero: (at) => zeros[at] ?? 1, one: (at) => ones[at] ?? 1, unwind, addLeaf };
}
