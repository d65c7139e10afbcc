import { noise } from '../../../exporters/gpu/sources/simulated/random.ts';

/** Numbers that depend on nothing but the keys and how many were drawn before. */
export interface Chances {
  /** From 0 to 1. */
  readonly next: () => number;
  readonly isTrue: (probability: number) => boolean;
  readonly between: (least: number, most: number) => number;
  /** Exponentially distributed, with this mean. */
  readonly after: (mean: number) => number;
  readonly pick: <T>(list: readonly [T, ...T[]]) => T;
}

/** Numbers of `noise` that no other part of the simulation draws. */
const part = 30_001;

export function chancesOf(...keys: readonly number[]): Chances {
  let drawn = 0;
  const next = (): number => noise(...keys, part, drawn++);
  return {
    next,
    isTrue: (probability) => next() < probability,
    between: (least, most) => least + (most - least) * next(),
    after: (mean) => -mean * Math.log(1 - next()),
    pick: (list) => list[Math.floor(next() * list.length)] ?? list[0],
  };
}
