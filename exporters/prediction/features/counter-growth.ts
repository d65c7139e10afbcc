import type { CleanSamples } from './clean-samples.ts';

/**
 * What a counter grew by at each sample since the one before. A drop is a reset: it has counted from 0 since. The growth of the first sample is not known,
 * so it is 0, unless the counter began at 0 when it appeared: `appearedAfterMs` is when its entity was there already and it was not.
 */
export function growthOf({ timesMs, values }: CleanSamples, appearedAfterMs = Number.POSITIVE_INFINITY): Float64Array {
  const growth = new Float64Array(values.length);
  let before = (timesMs[0] ?? 0) > appearedAfterMs ? 0 : (values[0] ?? 0);
  for (let at = 0; at < values.length; at += 1) {
    const value = values[at] as number;
    growth[at] = value >= before ? value - before : value;
    before = value;
  }
  return growth;
}
