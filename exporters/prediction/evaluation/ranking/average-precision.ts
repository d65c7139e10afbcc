import { forEachTie } from './descending.ts';

/**
 * Area under precision and recall: the sum over the thresholds of (step of recall) × precision. Equal scores are one threshold. Undefined without a
 * failed row.
 */
export function averagePrecision(scores: Float64Array, labels: Uint8Array, rows: Uint32Array): number | undefined {
  let [seen, found, area] = [0, 0, 0];
  forEachTie(scores, labels, rows, (size, failed) => {
    seen += size;
    found += failed;
    area += failed * (found / seen);
  });
  return found === 0 ? undefined : area / found;
}
