/** Bin 0 is missing; so many others hold values, the last of them all above the last edge. */
const maxValueBins = 254;
export const maxEdges = maxValueBins - 1;

/**
 * Upper edges of the bins of a column but the last: ascending, finite, written to the start of `edges`. Tells how many there are. `sorted` ascends and
 * holds no NaN. Up to 254 different values get a bin each. More are spread so that each bin has as many as there are on average for the bins that are
 * left: a value that fills most of a column takes one bin and leaves the others to the rest.
 */
export function columnEdges(sorted: Float32Array, edges: Float64Array): number {
  const isFine = hasAtMost(sorted, maxValueBins);
  let count = 0;
  let inBin = 0;
  let wanted = sorted.length / maxValueBins;
  for (let at = 1; at < sorted.length && count < maxEdges; at++) {
    inBin++;
    const low = sorted[at - 1] ?? 0;
    const high = sorted[at] ?? 0;
    if (low === high || (!isFine && inBin < wanted)) continue;
    edges[count] = edgeBetween(low, high);
    count++;
    inBin = 0;
    wanted = (sorted.length - at) / (maxValueBins - count);
  }
  return count;
}

function hasAtMost(sorted: Float32Array, limit: number): boolean {
  let different = sorted.length === 0 ? 0 : 1;
  for (let at = 1; at < sorted.length && different <= limit; at++) if (sorted[at] !== sorted[at - 1]) different++;
  return different <= limit;
}

/** A finite number at or above `low` and below `high`, either of which may be infinite. */
function edgeBetween(low: number, high: number): number {
  if (low === Number.NEGATIVE_INFINITY) return high === Number.POSITIVE_INFINITY ? 0 : -Number.MAX_VALUE;
  return high === Number.POSITIVE_INFINITY ? low : (low + high) / 2;
}
