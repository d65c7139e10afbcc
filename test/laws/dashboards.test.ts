import { renderBoards } from '../../dashboards/render.ts';
import type { Metric } from '../../metrics/define.ts';
import { catalogue } from '../../metrics/index.ts';
import { recorded } from '../../rules/recording/index.ts';
import { generatedBoards, loadBoards } from '../support/boards.ts';
import { parseBoard } from './board-json.ts';
import { dashboardRules, repeatedUids } from './dashboard-rules.ts';

const series = new Map<string, Metric>([...catalogue, ...recorded]);
const generated = generatedBoards();
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
  expect(repeatedUids([...generated.values()].map(parseBoard))).toEqual([]);
});

test('the generated files are what the boards render to, with a new revision for each change: npm run gen', async () => {
  const rendered = renderBoards(await loadBoards(), generated);
  expect(Object.fromEntries(rendered)).toEqual(Object.fromEntries(generated));
});
