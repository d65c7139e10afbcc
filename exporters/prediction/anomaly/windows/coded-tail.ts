/**
 * An upper quantile of the last values of a score, in one byte for each. Values from `lowest` to `highest`, where scores are capped, fall into
 * 254 steps of equal ratio; what is below `lowest` is one step more. A detector never divides by less than 1.5, so these hardly matter.
 */
const lowest = 0.1;
const highest = 50;
const codes = 254;
const step = Math.log(highest / lowest) / codes;

export const tailCodes = codes + 1;
/** Largest relative error of what comes out: half a step, 1.3 %. */
export const codedTailError = Math.exp(step / 2) - 1;
/** Largest error that values below `lowest` add. */
export const codedFloorError = lowest / 2;
/** The code of a value that is not there. */
export const noCode = 255;

/** From 0 for all up to `lowest`; NaN is `noCode`. */
export function tailCodeOf(value: number): number {
  if (Number.isNaN(value)) return noCode;
  if (value <= lowest) return 0;
  return Math.min(codes, 1 + Math.floor(Math.log(value / lowest) / step));
}

/** The middle of what the code stands for, by ratio. */
const values = Float64Array.from({ length: tailCodes }, (_, code) =>
  code === 0 ? codedFloorError : lowest * Math.exp((code - 0.5) * step),
);

/** The quantile of `total` values whose codes were counted in `counts` from `at`. */
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
