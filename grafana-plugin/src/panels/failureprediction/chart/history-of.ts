import type { Point, Reading } from '../frames/reading';
import { type Horizon, horizonOf } from '../horizon';
import { gpuKey } from '../rows/facts-of-gpus';
import { isProbability } from '../rows/probabilities-of';
import { type Factors, rateFactors } from '../uncertainty/gamma-interval';
import { type ProbabilityRange, probabilityRange } from '../uncertainty/probability-range';

export interface HorizonLine {
  readonly horizon: Horizon;
  /** Ascending; a gap is where points are farther apart than `gapMs`. */
  readonly points: readonly Point[];
}

export interface History {
  readonly lines: readonly HorizonLine[];
  readonly gapMs: number;
}

/** How the probabilities of one GPU went; empty where the answers hold no points of it. */
export function historyOf(readings: readonly Reading[], key: string): History {
  const byHorizon = new Map<Horizon, Point[]>();
  for (const { labels, points } of readings) {
    const horizon = horizonOf(labels.horizon);
    if (points === undefined || horizon === undefined || gpuKey(labels.cluster, labels.uuid) !== key) continue;
    if (labels.estimate !== undefined && labels.estimate !== 'expected') continue;
    const own = byHorizon.get(horizon) ?? [];
    own.push(...points.filter(({ atMs, value }) => isProbability(value) && Number.isFinite(atMs)));
    byHorizon.set(horizon, own);
  }
  const lines = [...byHorizon]
    .map(([horizon, points]) => ({ horizon, points: points.sort((a, b) => a.atMs - b.atMs) }))
    .filter(({ points }) => points.length > 0);
  return { lines, gapMs: gapOf(lines) };
}

/** Three times the usual distance of points. */
function gapOf(lines: readonly HorizonLine[]): number {
  const [longest] = [...lines].sort((a, b) => b.points.length - a.points.length);
  const distances = (longest?.points ?? []).slice(1).map(({ atMs }, at) => atMs - (longest?.points[at]?.atMs ?? atMs));
  distances.sort((a, b) => a - b);
  return 3 * (distances[Math.floor(distances.length / 2)] ?? Number.POSITIVE_INFINITY);
}

/** Pieces without a gap. */
export function piecesOf(points: readonly Point[], gapMs: number): Point[][] {
  const pieces: Point[][] = [];
  for (const point of points) {
    const piece = pieces.at(-1);
    const last = piece?.at(-1);
    if (piece === undefined || last === undefined || point.atMs - last.atMs > gapMs) pieces.push([point]);
    else piece.push(point);
  }
  return pieces;
}

export interface BandPoint extends ProbabilityRange {
  readonly atMs: number;
}

export function bandOf(points: readonly Point[], failures: number | undefined): BandPoint[] {
  if (failures === undefined) return [];
  const factors: Factors = rateFactors(failures);
  return points.map(({ atMs, value }) => ({ atMs, ...probabilityRange(value, factors) }));
}

/** The point that is nearest in time. */
export function pointNear(points: readonly Point[], atMs: number): Point | undefined {
  let found: Point | undefined;
  for (const point of points) {
    if (found === undefined || Math.abs(point.atMs - atMs) < Math.abs(found.atMs - atMs)) found = point;
  }
  return found;
}
