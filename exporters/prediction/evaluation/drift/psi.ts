/** Where values of a column lay when a model was trained. Plain data, to be stored with the model. */
export interface Shape {
  /** Upper edges of all bins but the last: value <= edge. */
  readonly edges: readonly number[];
  /** Of each bin, then of missing values. */
  readonly counts: readonly number[];
}

const bins = 10;
/** Fewer values than this differ by chance alone. */
const leastValues = 100;
/** The customary limit of what is worth a look. */
export const psiLimit = 0.2;

/** Ten bins of about the same number of values, fewer where values repeat. NaN is missing. */
export function shapeOf(values: Float32Array | Float64Array): Shape {
  const known = [...values].filter((value) => !Number.isNaN(value)).sort((a, b) => a - b);
  const cuts = Array.from({ length: bins - 1 }, (_, index) => nearest(known, (index + 1) / bins));
  const edges = [...new Set(cuts)].filter((edge) => edge !== undefined);
  return { edges, counts: countsOf(values, edges) };
}

function nearest(sorted: readonly number[], share: number): number | undefined {
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
}

/**
 * Population stability index: the sum over bins of (p - q) ln(p / q), p the share of now and q that of training, with half a value added to each bin
 * so that none is empty. Undefined for fewer than 100 values on either side.
 */
export function psi(training: Shape, values: Float32Array | Float64Array): number | undefined {
  const before = training.counts;
  if (values.length < leastValues || sumOf(before) < leastValues) return undefined;
  const now = sharesOf(countsOf(values, training.edges));
  return sharesOf(before).reduce((sum, q, bin) => {
    const p = now[bin] ?? q;
    return sum + (p - q) * Math.log(p / q);
  }, 0);
}

function countsOf(values: Float32Array | Float64Array, edges: readonly number[]): readonly number[] {
  const counts = Array.from({ length: edges.length + 2 }, () => 0);
  for (const value of values) {
    const bin = Number.isNaN(value) ? edges.length + 1 : binOf(value, edges);
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return counts;
}

function binOf(value: number, edges: readonly number[]): number {
  let bin = 0;
  while (bin < edges.length && value > (edges[bin] ?? 0)) bin += 1;
  return bin;
}

function sharesOf(counts: readonly number[]): readonly number[] {
  const total = sumOf(counts) + counts.length / 2;
  return counts.map((count) => (count + 0.5) / total);
}

function sumOf(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}
