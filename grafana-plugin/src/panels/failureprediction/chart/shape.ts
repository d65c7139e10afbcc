import type { Point } from '../frames/reading';
import type { BandPoint } from './history-of';
import { heightOf, type LogScale } from './probability-scale';
import { type LinearScale, pixelOf } from './time-scale';

/** The path of a line, with a gap wherever there is one between pieces. */
export function linePath(pieces: ReadonlyArray<readonly Point[]>, x: LinearScale, y: LogScale): string {
  return pieces
    .map((piece) => piece.map(({ atMs, value }, at) => `${at === 0 ? 'M' : 'L'}${place(x, y, atMs, value)}`).join(''))
    .join('');
}

/** The path around a band: along its upper edge and back along its lower one. */
export function bandPath(band: readonly BandPoint[], x: LinearScale, y: LogScale): string {
  if (band.length < 2) return '';
  const upper = band.map(({ atMs, high }) => place(x, y, atMs, high));
  const lower = [...band].reverse().map(({ atMs, low }) => place(x, y, atMs, low));
  return `M${[...upper, ...lower].join('L')}Z`;
}

function place(x: LinearScale, y: LogScale, atMs: number, value: number): string {
  return `${pixelOf(x, atMs).toFixed(1)},${heightOf(y, value).toFixed(1)}`;
}
