import type { Expr } from '../metrics/promql.ts';
import type { AppPage } from './app-pages.ts';
import type { BoardUid, Panel } from './panel.ts';

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
  /** The regular expression of "All" where it must not match everything. */
  readonly all?: string;
  /** Always exactly one value, the first one on opening: for boards about one thing. */
  readonly single?: boolean;
}

/** What a board looks at, from the building up to what people run. */
export const layers = ['physical', 'system', 'GPU', 'platform', 'application'] as const;
export type Layer = (typeof layers)[number];

interface NextText {
  readonly title: string;
  /** The question that it answers. */
  readonly asks: string;
}

/** Another board, with the same time range and choices. */
export interface NextBoard extends NextText {
  readonly uid: BoardUid;
}

/** A page of the FleetLens app about what a variable has chosen. */
export interface NextPage extends NextText {
  readonly page: AppPage;
  readonly about: string;
}

export interface Board {
  /** Never changes: links and imports hang off it. */
  readonly uid: BoardUid;
  readonly title: string;
  /** The questions that it answers, and from where down to where. */
  readonly description: string;
  /** Who asks them, after the word "for". */
  readonly audience: string;
  readonly layers: readonly [Layer, ...Layer[]];
  readonly tags: readonly string[];
  /** Time range on opening, in Grafana's words, such as `now-3h`. */
  readonly from: `now-${number}${'m' | 'h' | 'd'}`;
  readonly variables: readonly Variable[];
  /** Where the questions lead that this board leaves open. */
  readonly next: readonly [NextBoard | NextPage, ...(NextBoard | NextPage)[]];
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

/** The description with whom the board is for and what it looks at. */
export function introductionOf({ description, audience, layers: all }: Board): string {
  return `${description} For ${audience}. ${all.length === 1 ? 'Layer' : 'Layers'}: ${all.join(', ')}.`;
}
