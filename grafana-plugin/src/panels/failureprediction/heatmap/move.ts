import type { Arrangement } from './arrange';
import { type Grid, type Place, rowAt } from './grid';

export const MOVES = ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', 'Home', 'End'] as const;
export type Move = (typeof MOVES)[number];

export function moveOf(key: string): Move | undefined {
  return MOVES.find((each) => each === key);
}

/** The next GPU in a direction as it is seen, across the edges of nodes and racks; the same one at the edge of the map. */
export function moved(arrangement: Arrangement, grid: Grid, from: Place | undefined, move: Move): Place | undefined {
  const first = firstOf(arrangement);
  if (move === 'Home' || from === undefined) return first;
  if (move === 'End') return lastOf(arrangement);
  if (move === 'ArrowLeft' || move === 'ArrowRight') return sideways(arrangement, grid, from, move) ?? from;
  return upOrDown(arrangement, grid, from, move) ?? from;
}

function sideways(arrangement: Arrangement, grid: Grid, { block, line, cell }: Place, move: Move): Place | undefined {
  const step = move === 'ArrowLeft' ? -1 : 1;
  const cells = arrangement.blocks[block]?.lines[line]?.cells ?? [];
  for (let at = cell + step; at >= 0 && at < cells.length; at += step) {
    if (cells[at] !== undefined) return { block, line, cell: at };
  }
  const column = (block % grid.across) + step;
  if (column < 0 || column >= grid.across) return undefined;
  const side = step > 0 ? 0 : Number.POSITIVE_INFINITY;
  return nearest(arrangement, block + step, line, side);
}

function upOrDown(arrangement: Arrangement, grid: Grid, { block, line, cell }: Place, move: Move): Place | undefined {
  const step = move === 'ArrowUp' ? -1 : 1;
  const lines = arrangement.blocks[block]?.lines.length ?? 0;
  if (line + step >= 0 && line + step < lines) return nearest(arrangement, block, line + step, cell);
  return nearest(arrangement, block + step * grid.across, step > 0 ? 0 : Number.POSITIVE_INFINITY, cell);
}

/** The GPU of a block that is nearest to a line and a cell. */
function nearest({ blocks }: Arrangement, block: number, line: number, cell: number): Place | undefined {
  const lines = blocks[block]?.lines;
  if (lines === undefined) return undefined;
  const own = Math.min(line, lines.length - 1);
  const cells = lines[own]?.cells ?? [];
  let found: Place | undefined;
  for (const [at, row] of cells.entries()) {
    if (row === undefined) continue;
    const wanted = Math.min(cell, cells.length - 1);
    if (found === undefined || Math.abs(at - wanted) < Math.abs(found.cell - wanted))
      found = { block, line: own, cell: at };
  }
  return found;
}

function firstOf(arrangement: Arrangement): Place | undefined {
  for (const [block, { lines }] of arrangement.blocks.entries()) {
    for (const line of lines.keys()) {
      const place = nearest(arrangement, block, line, 0);
      if (place !== undefined && rowAt(arrangement, place) !== undefined) return place;
    }
  }
  return undefined;
}

function lastOf(arrangement: Arrangement): Place | undefined {
  const block = arrangement.blocks.length - 1;
  return nearest(arrangement, block, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY);
}
