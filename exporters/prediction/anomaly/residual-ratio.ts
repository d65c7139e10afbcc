import { type CellCounts, type Cells, piecesOf, sumOfCells } from './cells.ts';
import type { SeriesSettings } from './series-settings.ts';
import { innerFloor, tailShare } from './tail-ratio.ts';
import { cellsOfRollingMoments, createRollingMoments } from './windows/rolling-moments.ts';
import { cellsOfSortedWindow, createSortedWindow } from './windows/sorted-window.ts';

/** How unusual a residual is: over its deviation of 7 days, and that over its own 99.5 % quantile of 14 days. NaN until known. */
export type ResidualRatio = (residual: number, floor: number) => number;

export function cellsOfResidualRatio(settings: SeriesSettings): CellCounts {
  const { ofDeviation, ofTail } = sizes(settings);
  return sumOfCells(cellsOfRollingMoments(ofDeviation), cellsOfSortedWindow(ofTail));
}

export function createResidualRatio(settings: SeriesSettings, cells: Cells): ResidualRatio {
  const { ofDeviation, ofTail } = sizes(settings);
  const piece = piecesOf(cells);
  const moments = createRollingMoments(ofDeviation, piece(cellsOfRollingMoments(ofDeviation)));
  const tail = createSortedWindow(ofTail, piece(cellsOfSortedWindow(ofTail)));
  return (residual, floor) => {
    const distance = residual === 0 ? 0 : Math.abs(residual) / Math.max(moments.deviation(), floor);
    const known = Number.isFinite(distance) ? distance : Number.NaN;
    const quantile = tail.quantile(tailShare);
    const ratio =
      known / Math.max(innerFloor, !Number.isNaN(quantile) ? quantile : (settings.coldQuantile ?? Number.NaN));
    moments.push(residual);
    tail.push(known);
    return ratio;
  };
}

function sizes({ day, minimum, tailMinimum }: SeriesSettings) {
  return {
    ofDeviation: { size: 7 * day, minimum },
    ofTail: { size: 14 * day, minimum: tailMinimum },
  };
}
