import { forEachTie } from './descending.ts';

/** The chance that a failed row has a higher score than a quiet one; equal scores count half. Undefined unless there are both. */
export function rocArea(scores: Float64Array, labels: Uint8Array, rows: Uint32Array): number | undefined {
  let [failedAbove, quietSeen, won] = [0, 0, 0];
  forEachTie(scores, labels, rows, (size, failed) => {
    const quiet = size - failed;
    won += quiet * (failedAbove + failed / 2);
    failedAbove += failed;
    quietSeen += quiet;
  });
  return failedAbove === 0 || quietSeen === 0 ? undefined : won / (failedAbove * quietSeen);
}
