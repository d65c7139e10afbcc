/** Maps values to pixels and back. */
export interface LinearScale {
  readonly from: number;
  readonly to: number;
  readonly start: number;
  readonly end: number;
}

export function pixelOf({ from, to, start, end }: LinearScale, value: number): number {
  if (to === from) return start;
  return start + ((value - from) / (to - from)) * (end - start);
}

export function valueAt({ from, to, start, end }: LinearScale, pixel: number): number {
  if (end === start) return from;
  return from + ((pixel - start) / (end - start)) * (to - from);
}

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const steps = [
  minute,
  5 * minute,
  15 * minute,
  30 * minute,
  hour,
  3 * hour,
  6 * hour,
  12 * hour,
  day,
  2 * day,
  7 * day,
  14 * day,
  30 * day,
  90 * day,
];

/** Round moments of UTC, as many as there is room for. */
export function timeTicks(fromMs: number, toMs: number, most: number): number[] {
  const step = steps.find((each) => (toMs - fromMs) / each <= Math.max(1, most)) ?? steps.at(-1) ?? day;
  const ticks: number[] = [];
  for (let at = Math.ceil(fromMs / step) * step; at <= toMs; at += step) ticks.push(at);
  return ticks;
}
