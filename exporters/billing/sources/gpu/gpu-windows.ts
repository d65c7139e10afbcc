import { mergeUsages } from '../../metering/canonical.ts';
import type { GpuWindow, MeteredGpus } from '../../metering/meter-gpus.ts';
import type { Conservation, ExactQuantity } from '../../usage.ts';

const maxWorst = 20;

/** Joins what was metered of different GPUs in the same windows. */
export function joinGpuWindows(parts: readonly MeteredGpus[]): MeteredGpus {
  const [first] = parts;
  if (first === undefined) throw new RangeError('there must be a part');
  const windows = first.windows.map(
    ({ span }, index): GpuWindow => ({
      span,
      usages: mergeUsages(parts.flatMap(({ windows }) => windows[index]?.usages ?? [])),
      conservation: joinConservation(parts.flatMap(({ windows }) => windows[index]?.conservation ?? [])),
    }),
  );
  return { windows, problems: [...new Set(parts.flatMap(({ problems }) => problems))].sort() };
}

function joinConservation(parts: readonly Conservation[]): Conservation {
  return {
    devices: parts.reduce((sum, { devices }) => sum + devices, 0),
    installedMs: parts.reduce((sum, { installedMs }) => sum + installedMs, 0),
    error: parts.map(({ error }) => error).reduce(sumOf, { num: 0n, den: 1n }),
    worst: parts
      .flatMap(({ worst }) => worst)
      .sort((a, b) => compared(b.error, a.error) || (a.resource < b.resource ? -1 : 1))
      .slice(0, maxWorst),
  };
}

function sumOf(a: ExactQuantity, b: ExactQuantity): ExactQuantity {
  const num = a.num * b.den + b.num * a.den;
  const den = a.den * b.den;
  const divisor = divisorOf(num, den);
  return { num: num / divisor, den: den / divisor };
}

function divisorOf(a: bigint, b: bigint): bigint {
  let [left, right] = [a < 0n ? -a : a, b];
  while (right !== 0n) [left, right] = [right, left % right];
  return left;
}

function compared(a: ExactQuantity, b: ExactQuantity): number {
  const difference = a.num * b.den - b.num * a.den;
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}
