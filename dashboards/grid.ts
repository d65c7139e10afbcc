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
  const placed: PlacedPanel[] = [];
  let x = 0;
  let y = top;
  for (const { panel, width } of cells) {
    if (x + width > columns) {
      x = 0;
      y = bottom(placed, y);
    }
    placed.push({ panel, at: { x, y, w: width, h: heights[panel.visual] } });
    x += width;
  }
  return placed;
}

function bottom(panels: readonly PlacedPanel[], atLeast: number): number {
  return Math.max(atLeast, ...panels.map(({ at }) => at.y + at.h));
}
