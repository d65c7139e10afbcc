import type { Expr } from '../metrics/promql.ts';
import type { Panel } from './panel.ts';

/** Of the 24 columns of a board; 4 and 6 are for single figures. */
export type Width = 4 | 6 | 8 | 12 | 24;

export interface Cell {
  readonly panel: Panel;
  readonly width: Width;
}

export interface Row {
  readonly title: string;
  /** A collapsed row sends no query until somebody opens it. */
  readonly collapsed?: boolean;
  readonly cells: readonly Cell[];
}

/** A choice at the top of the board, filled with the values that a label has on a series. */
export interface Variable {
  readonly name: string;
  readonly label: string;
  readonly description: string;
  readonly values: { readonly of: Expr; readonly label: string };
}

export interface Board {
  /** Never changes: links and imports hang off it. */
  readonly uid: `fleetlens-${string}`;
  readonly title: string;
  readonly description: string;
  readonly tags: readonly string[];
  /** Time range on opening, in Grafana's words, such as `now-3h`. */
  readonly from: `now-${number}${'m' | 'h' | 'd'}`;
  readonly variables: readonly Variable[];
  readonly rows: readonly Row[];
}

export function defineBoard(board: Board): Board {
  return Object.freeze(board);
}

/** Panels of one width, left to right. */
export function cells(width: Width, ...panels: readonly Panel[]): readonly Cell[] {
  return panels.map((panel) => ({ panel, width }));
}

/** The name of the file under `generated/`. */
export function fileNameOf(board: Board): string {
  return `${board.uid.slice('fleetlens-'.length)}.json`;
}
