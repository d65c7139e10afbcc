/** A stream of numbers that a seed determines on every machine. */
export interface Random {
  /** From 0 up to, but without, 1; 32 bits. */
  readonly next: () => number;
  /** A whole number from 0 up to, but without, `limit`. */
  readonly below: (limit: number) => number;
}

/** Tommy Ettinger's mulberry32, as its public-domain listing has it. Every seed gives a stream of 2^32 numbers. */
export function createRandom(seed: number): Random {
  let state = seed | 0;

  function next(): number {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  return { next, below: (limit) => Math.floor(next() * limit) };
}

/** `wanted` of the numbers from 0 to `count` - 1, ascending, every such choice as likely as another: Knuth, TAOCP 3.4.2, algorithm S. */
export function choose(count: number, wanted: number, random: Random): Int32Array {
  const chosen = new Int32Array(Math.min(count, wanted));
  let found = 0;
  for (let at = 0; found < chosen.length; at++) {
    if (random.next() * (count - at) >= chosen.length - found) continue;
    chosen[found] = at;
    found++;
  }
  return chosen;
}

/** `count` of the numbers from 0 to `count` - 1, each drawn from all of them, ascending. */
export function bootstrap(count: number, random: Random): Int32Array {
  const drawn = new Int32Array(count);
  for (let at = 0; at < count; at++) drawn[at] = random.below(count);
  return drawn.sort();
}
