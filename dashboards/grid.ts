import type { Cell, Row } from './board.ts';
import type { Panel } from './panel.ts';

export interface Position {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

export interface PlacedPanel {
  readonly panel: Panel;
  readonly at: Position;
}

export interface PlacedRow {
  readonly row: Row;
  readonly at: Position;
  readonly panels: readonly PlacedPanel[];
}

const columns = 24;
const heights = { stat: 4, timeseries: 8, heatmap: 8, bars: 8, table: 9 } as const satisfies Readonly<
  Record<Panel['visual'], number>
>;

/** Fills rows from left to right; a panel that no longer fits starts the next line. */
export function placeRows(rows: readonly Row[]): readonly PlacedRow[] {
  let y = 0;
  return rows.map((row) => {
    const at = { x: 0, y, w: columns, h: 1 };
    const panels = placeCells(row.cells, y + 1);
    // The panels of a collapsed row lie where they will be once it is open; the next row follows its heading.
    y = row.collapsed === true ? y + 1 : bottom(panels, y + 1);
    return { row, at, panels };
  });
}

function placeCells(cells: readonly Cell[], top: number): readonly PlacedPanel[] {
  let y = top;
  return linesOf(cells).flatMap((line) => {
    // All panels of a line are as high as the highest, so that there are no holes.
    const h = Math.max(...line.map(({ panel }) => heights[panel.visual]));
    let x = 0;
    const placed = line.map(({ panel, width }) => {
      const at = { x, y, w: width, h };
      x += width;
      return { panel, at };
    });
    y += h;
    return placed;
  });
}

function linesOf(cells: readonly Cell[]): readonly Cell[][] {
  const lines: Cell[][] = [];
  let used = columns;
  for (const cell of cells) {
    if (used + cell.width > columns) {
      lines.push([]);
      used = 0;
    }
    lines.at(-1)?.push(cell);
    used += cell.width;
  }
  return lines;
}

function bottom(panels: readonly PlacedPanel[], atLeast: number): number {
  return Math.max(atLeast, ...panels.map(({ at }) => at.y + at.h));
}
