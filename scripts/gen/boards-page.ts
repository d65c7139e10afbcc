import type { Board, Row } from '../../dashboards/board.ts';
import { expressions } from '../../dashboards/panel.ts';
import { generatedFrom, table } from '../../rules/render/markdown.ts';

/** The page of docs/reference about the boards: which one answers which question, and how much it asks of Prometheus. */
export function boardsPage(boards: readonly Board[]): string {
  const sorted = [...boards].sort((a, b) => a.title.localeCompare(b.title, 'en'));
  return `${generatedFrom('dashboards/boards')}

# Boards

The files are in \`dashboards/generated\`. On each board a list at the top offers all of them, and links beside it lead to the boards that answer
the next question; both keep the time range and what was chosen. A row that is collapsed asks nothing until somebody opens it.

${table(
  ['Board', 'Answers', 'For', 'Layers', 'Panels', 'Queries on opening, in total'],
  sorted.map((board) => [
    `[${board.title}](#${anchor(board.title)})`,
    board.description,
    board.audience,
    board.layers.join(', '),
    String(board.rows.flatMap(({ cells }) => cells).length),
    `${queriesIn(board.rows.filter(({ collapsed }) => collapsed !== true))}, ${queriesIn(board.rows)}`,
  ]),
)}

${sorted.map(section).join('\n\n')}
`;
}

function anchor(title: string): string {
  return title.toLowerCase().replaceAll(' ', '-');
}

function queriesIn(rows: readonly Row[]): number {
  return rows.flatMap(({ cells }) => cells.flatMap(({ panel }) => expressions(panel))).length;
}

function section({ uid, title, from, variables, next, rows }: Board): string {
  const places = next.map((place) =>
    'uid' in place ? `[${place.title}](#${anchor(place.title)})` : `${place.title} in the FleetLens app`,
  );
  return `## ${title}

\`${uid}\`, from \`${from}\`. Choices: ${variables.map(({ label }) => label).join(', ')}. Leads to: ${places.join(', ')}.

${table(
  ['Row', 'Queries', 'Panels'],
  rows.map((row) => [
    row.collapsed === true ? `${row.title} (collapsed)` : row.title,
    String(queriesIn([row])),
    row.cells.map(({ panel }) => panel.title).join(' · '),
  ]),
)}`;
}
