import { type BoardJson, parseBoard, placedPanels } from '../laws/board-json.ts';
import { generatedBoards } from './boards.ts';

/** A query of a board as Prometheus gets it once everything is chosen. */
export interface BoardQuery {
  readonly board: string;
  readonly panel: string;
  readonly refId: string;
  readonly expr: string;
  /** Over the whole time shown, for a curve; else at its end. */
  readonly isCurve: boolean;
  /** Asked when the board is opened, not first when somebody opens a row. */
  readonly onOpening: boolean;
}

export interface Shown {
  /** The time range of the board, as PromQL has it. */
  readonly range: string;
  /** What Grafana would choose for a rate, some scrapes long. */
  readonly rateInterval: string;
  /** What is chosen, by variable; all of every other one. */
  readonly chosen?: Readonly<Record<string, string>>;
}

/** Every query of a generated board. */
export function queriesOf(board: BoardJson, shown: Shown): readonly BoardQuery[] {
  return placedPanels(board).flatMap(({ panel, collapsed }) =>
    (panel.targets ?? []).map(({ refId, expr, range }) => ({
      board: board.uid,
      panel: panel.title ?? '',
      refId,
      expr: withEverythingChosen(expr, shown),
      isCurve: range === true,
      onOpening: !collapsed,
    })),
  );
}

/** Of all boards that are committed. */
export function everyBoardQuery(shown: Shown): readonly BoardQuery[] {
  return [...generatedBoards().values()].flatMap((text) => queriesOf(parseBoard(text), shown));
}

function withEverythingChosen(expr: string, { range, rateInterval, chosen = {} }: Shown): string {
  return expr
    .replaceAll(/\$__range\b/g, range)
    .replaceAll(/\$__(?:rate_interval|interval)\b/g, rateInterval)
    .replaceAll(/\$\{?(\w+)(?::\w+)?\}?/g, (_all, name: string) => chosen[name] ?? '.*');
}
