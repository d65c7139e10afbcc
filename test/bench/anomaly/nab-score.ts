/** One series of the Numenta Anomaly Benchmark with what a detector says of each row. */
export interface NabSeries {
  /** Higher is more unusual; NaN is no score. */
  readonly scores: Float64Array;
  /** First and last row of each labelled window, ascending. */
  readonly windows: readonly (readonly [first: number, last: number])[];
}

export interface NabProfile {
  readonly falsePositive: number;
  readonly falseNegative: number;
}

export const nabStandard: NabProfile = { falsePositive: 0.11, falseNegative: 1 };

export interface NabResult {
  /** 0 for a detector that says nothing, 100 for one that hits every window at its first row and nothing else. */
  readonly score: number;
  readonly threshold: number;
  readonly windowsHit: number;
  readonly falseRows: number;
}

interface Scored {
  readonly score: number;
  /** Index over all series; -1 for a row outside. */
  readonly window: number;
  readonly worth: number;
}

/** The official score: one threshold for the whole corpus, the one that serves the detector best. */
export function nabScore(series: readonly NabSeries[], profile: NabProfile): NabResult {
  let windows = 0;
  const rows: Scored[] = [];
  for (const each of series) {
    rows.push(...scoredRows(each, windows, profile));
    windows += each.windows.length;
  }
  rows.sort((a, b) => b.score - a.score);
  const best = new Float64Array(windows).fill(-profile.falseNegative);
  let raw = -profile.falseNegative * windows;
  let hit = 0;
  let falseRows = 0;
  let top: NabResult = { score: 0, threshold: Number.POSITIVE_INFINITY, windowsHit: 0, falseRows: 0 };
  rows.forEach(({ score, window, worth }, at) => {
    if (window < 0) {
      raw += worth;
      falseRows += 1;
    } else if (worth > (best[window] as number)) {
      if (best[window] === -profile.falseNegative) hit += 1;
      raw += worth - (best[window] as number);
      best[window] = worth;
    }
    if (rows[at + 1]?.score === score) return;
    const normal = (100 * (raw + profile.falseNegative * windows)) / ((1 + profile.falseNegative) * windows);
    if (normal > top.score) top = { score: normal, threshold: score, windowsHit: hit, falseRows };
  });
  return top;
}

export function probationOf(rows: number): number {
  return Math.floor(0.15 * Math.min(rows, 5000));
}

function scoredRows({ scores, windows }: NabSeries, firstWindow: number, profile: NabProfile): readonly Scored[] {
  const rows: Scored[] = [];
  let at = 0;
  for (let row = probationOf(scores.length); row < scores.length; row++) {
    const score = scores[row] as number;
    while (at < windows.length && row > (windows[at]?.[1] as number)) at += 1;
    if (!(score > 0)) continue;
    const window = windows[at];
    const inside = window !== undefined && row >= window[0];
    const worth = inside
      ? squash(-(window[1] - row + 1) / (window[1] - window[0] + 1)) / squash(-1)
      : profile.falsePositive * falseWorth(row, windows[at - 1]);
    rows.push({ score, window: inside ? firstWindow + at : -1, worth });
  }
  return rows;
}

function falseWorth(row: number, last: readonly [number, number] | undefined): number {
  if (last === undefined) return -1;
  const past = (row - last[1]) / (last[1] - last[0]);
  return past > 3 ? -1 : squash(past);
}

function squash(x: number): number {
  return 2 / (1 + Math.exp(5 * x)) - 1;
}
