import type { Arrangement } from './arrange';

/** Where blocks and cells lie, in CSS pixels. All blocks are of one size, so that places are found by arithmetic. */
export interface Grid {
  readonly cell: number;
  readonly pitch: number;
  readonly title: number;
  readonly blockWidth: number;
  readonly blockHeight: number;
  readonly across: number;
  readonly blocks: number;
  readonly height: number;
}

/** A GPU in the arrangement. */
export interface Place {
  readonly block: number;
  readonly line: number;
  readonly cell: number;
}

const between = 10;
const titleHeight = 14;
const smallest = 7;
const largest = 18;
/** Narrower, and the name of a rack or node says nothing. */
const leastBlock = 62;

export function gridOf({ blocks, mostLines, mostCells }: Arrangement, width: number, height: number): Grid {
  for (let cell = largest; cell > smallest; cell--) {
    const grid = gridWith(cell, { blocks: blocks.length, mostLines, mostCells }, width);
    if (grid.height <= height) return grid;
  }
  return gridWith(smallest, { blocks: blocks.length, mostLines, mostCells }, width);
}

interface Counts {
  readonly blocks: number;
  readonly mostLines: number;
  readonly mostCells: number;
}

function gridWith(cell: number, { blocks, mostLines, mostCells }: Counts, width: number): Grid {
  const pitch = cell + (cell > 9 ? 2 : 1);
  const blockWidth = Math.max(leastBlock, mostCells * pitch) + between;
  const blockHeight = titleHeight + mostLines * pitch + between;
  const across = Math.max(1, Math.floor((width + between) / blockWidth));
  return {
    cell,
    pitch,
    title: titleHeight,
    blockWidth,
    blockHeight,
    across,
    blocks,
    height: Math.ceil(blocks / across) * blockHeight,
  };
}

/** Left and top of a block. */
export function blockAt({ across, blockWidth, blockHeight }: Grid, block: number): { x: number; y: number } {
  return { x: (block % across) * blockWidth, y: Math.floor(block / across) * blockHeight };
}

export function cellAt(grid: Grid, { block, line, cell }: Place): { x: number; y: number } {
  const { x, y } = blockAt(grid, block);
  return { x: x + cell * grid.pitch, y: y + grid.title + line * grid.pitch };
}

/** Blocks of which anything lies between two heights. */
export function visibleBlocks({ across, blockHeight, blocks }: Grid, top: number, bottom: number) {
  const from = Math.max(0, Math.floor(top / blockHeight)) * across;
  const to = Math.min(blocks, (Math.floor(bottom / blockHeight) + 1) * across);
  return { from, to };
}

/** The cell under a point of the whole map, if there is one. */
export function placeAt(grid: Grid, arrangement: Arrangement, x: number, y: number): Place | undefined {
  if (x < 0 || y < 0) return undefined;
  const column = Math.floor(x / grid.blockWidth);
  if (column >= grid.across) return undefined;
  const block = Math.floor(y / grid.blockHeight) * grid.across + column;
  const line = Math.floor(((y % grid.blockHeight) - grid.title) / grid.pitch);
  const cell = Math.floor((x % grid.blockWidth) / grid.pitch);
  const place = { block, line, cell };
  return rowAt(arrangement, place) === undefined ? undefined : place;
}

export function rowAt({ blocks }: Arrangement, { block, line, cell }: Place) {
  return blocks[block]?.lines[line]?.cells[cell];
}

/** Where each GPU lies, by key. */
export function placesOf({ blocks }: Arrangement): ReadonlyMap<string, Place> {
  const places = new Map<string, Place>();
  for (const [block, { lines }] of blocks.entries()) {
    for (const [line, { cells }] of lines.entries()) {
      for (const [cell, row] of cells.entries()) {
        if (row !== undefined) places.set(row.key, { block, line, cell });
      }
    }
  }
  return places;
}
