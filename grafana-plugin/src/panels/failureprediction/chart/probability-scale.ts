import type { LinearScale } from './time-scale';

/** Probabilities of a day and of a month differ by a factor of thirty, so the axis is logarithmic. */
export interface LogScale {
  readonly lowest: number;
  readonly highest: number;
  readonly pixels: LinearScale;
}

const least = 1e-6;

export function logScale(values: readonly number[], start: number, end: number): LogScale {
  const shown = values.filter((value) => value > 0 && value <= 1);
  const low = Math.max(least, Math.min(...shown, 1));
  const high = Math.max(...shown, low * 2);
  const lowest = 10 ** (Math.floor(Math.log10(low) * 3) / 3);
  const highest = Math.min(1, 10 ** (Math.ceil(Math.log10(high) * 3) / 3));
  return {
    lowest,
    highest,
    pixels: { from: Math.log10(lowest), to: Math.log10(Math.max(highest, lowest * 1.01)), start, end },
  };
}

/** What is below the scale, such as 0, lies on its edge. */
export function heightOf({ lowest, highest, pixels }: LogScale, probability: number): number {
  const { from, to, start, end } = pixels;
  const inside = Math.log10(Math.min(highest, Math.max(lowest, probability)));
  return start + ((inside - from) / (to - from)) * (end - start);
}

/** 1, 2 and 5 of each decade; only the decades where there would be too many. */
export function probabilityTicks({ lowest, highest }: LogScale, most: number): number[] {
  const [fine, coarse]: [number[], number[]] = [[], []];
  for (let power = Math.floor(Math.log10(lowest)); power <= 0; power++) {
    for (const digit of [1, 2, 5]) {
      const value = Number(`${digit}e${power}`);
      if (value < lowest * 0.999 || value > highest * 1.001) continue;
      fine.push(value);
      if (digit === 1) coarse.push(value);
    }
  }
  return fine.length <= most || coarse.length < 2 ? fine : coarse;
}
