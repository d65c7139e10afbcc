import { layers } from '../../dashboards/board.ts';
import { renderBoards } from '../../dashboards/render.ts';
import type { Metric } from '../../metrics/define.ts';
import { catalogue } from '../../metrics/index.ts';
import { recorded } from '../../rules/recording/index.ts';
import { generatedBoards, loadBoards } from '../support/boards.ts';
import { parseBoard } from './board-json.ts';
import { badLinks, unreached } from './board-links.ts';
import { dashboardRules, repeatedUids } from './dashboard-rules.ts';

const series = new Map<string, Metric>([...recorded, ...catalogue]);
const generated = generatedBoards();
const boards = [...generated.values()].map(parseBoard);
const rules = Object.entries(dashboardRules);

test('there are boards to check', () => {
  expect(generated.size).toBeGreaterThan(0);
});

describe.each([...generated])('%s', (_name, text) => {
  const board = parseBoard(text);

  test.each(rules)('keeps %s', (_rule, complain) => {
    expect(complain(board, series)).toEqual([]);
  });
});

test('no two boards have the same uid', () => {
  expect(repeatedUids(boards)).toEqual([]);
});

test('links lead to boards that are there, and set variables that these have, or to pages of the app', () => {
  expect(badLinks(boards)).toEqual([]);
});

test('every board is named at the top of another one', () => {
  expect(unreached(boards)).toEqual([]);
});

test('links call boards by their titles', async () => {
  const titles = new Map(boards.map(({ uid, title }) => [uid, title]));
  const named = (await loadBoards()).flatMap(({ rows, next }) => [
    ...next.flatMap((place) => ('uid' in place ? [place] : [])),
    ...rows.flatMap(({ cells }) => cells.flatMap(({ panel }) => ('leadsTo' in panel ? [panel.leadsTo] : []))),
  ]);
  const wrong = named.filter((link) => link !== undefined && titles.get(link.uid) !== link.title);
  expect(wrong).toEqual([]);
});

test('boards together look at every layer', async () => {
  const looked = new Set((await loadBoards()).flatMap((board) => board.layers));
  expect(layers.filter((layer) => !looked.has(layer))).toEqual([]);
});

test('the generated files are what the boards render to, with a new revision for each change: npm run gen', async () => {
  const rendered = renderBoards(await loadBoards(), generated);
  expect(Object.fromEntries(rendered)).toEqual(Object.fromEntries(generated));
});
