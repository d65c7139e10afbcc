/**
 * An upper quantile of the last values of a score, in one byte for each. Only values above `lowest` matter, since a detector never divides
 * by less, and scores are capped at `highest`; between them lie 254 steps of equal ratio. What comes out is off by at most `codedTailError`.
 */
const lowest = 1.5;
const highest = 50;
const codes = 254;
const step = Math.log(highest / lowest) / codes;

export const tailCodes = codes + 1;
/** Largest relative error of a quantile above 1.5: half a step, 0.7 %. */
export const codedTailError = Math.exp(step / 2) - 1;
/** The code of a value that is not there. */
export const noCode = 255;

/** From 0 for all up to 1.5; NaN is `noCode`. */
export function tailCodeOf(value: number): number {
  if (Number.isNaN(value)) return noCode;
  if (value <= lowest) return 0;
  return Math.min(codes, 1 + Math.floor(Math.log(value / lowest) / step));
}

/** The middle of what the code stands for, by ratio. */
const values = Float64Array.from({ length: tailCodes }, (_, code) =>
  code === 0 ? lowest : lowest * Math.exp((code - 0.5) * step),
);

/** The quantile of `total` values whose codes were counted in `counts` from `at`; 1.5 for whatever is below. */
export function tailQuantile(counts: Uint16Array, at: number, total: number, share: number): number {
  const rank = share * (total - 1);
  const below = Math.floor(rank);
  let code = codes;
  let above = counts[at + code] as number;
  // How many values come after the one above the rank.
  const afterUpper = total - 2 - below;
  while (code > 0 && above <= afterUpper) {
    code -= 1;
    above += counts[at + code] as number;
  }
  const upper = values[code] as number;
  while (code > 0 && above <= afterUpper + 1) {
    code -= 1;
    above += counts[at + code] as number;
  }
  const lower = values[code] as number;
  return afterUpper < 0 ? lower : lower + (rank - below) * (upper - lower);
}
