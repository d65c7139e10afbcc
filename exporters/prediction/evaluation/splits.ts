import { type Horizon, horizonMs } from '../horizon.ts';
import { labelOf } from '../labels/incident.ts';
import type { Moments } from '../labels/moments.ts';

export interface Split {
  readonly train: Uint32Array;
  readonly validation: Uint32Array;
  readonly test: Uint32Array;
}

/**
 * Usable rows in order of time. Of each part only rows whose horizon ends before the next part begins are in it, so that nothing of a later part is in a
 * label of an earlier one.
 */
export function splitByTime(
  moments: Moments,
  labels: Uint8Array,
  horizon: Horizon,
  cuts: { readonly validationFromMs: number; readonly testFromMs: number },
): Split {
  const { validationFromMs, testFromMs } = cuts;
  const between = (fromMs: number, untilMs: number): Uint32Array =>
    completeRows(moments, labels, horizon, fromMs, untilMs);
  return {
    train: between(Number.NEGATIVE_INFINITY, validationFromMs),
    validation: between(validationFromMs, testFromMs),
    test: between(testFromMs, Number.POSITIVE_INFINITY),
  };
}

/** Usable rows from a moment on whose horizon is over at another. */
export function completeRows(
  { atMs }: Moments,
  labels: Uint8Array,
  horizon: Horizon,
  fromMs: number,
  untilMs: number,
): Uint32Array {
  const lastMs = untilMs - horizonMs[horizon];
  return Uint32Array.from(labels.keys()).filter((row) => {
    const t = atMs[row] ?? Number.NaN;
    return labels[row] !== labelOf.unusable && t >= fromMs && t <= lastMs;
  });
}
