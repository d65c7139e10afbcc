import { renderBoards } from '../../dashboards/render.ts';
import type { Metric } from '../../metrics/define.ts';
import { catalogue } from '../../metrics/index.ts';
import { recorded } from '../../rules/recording/index.ts';
import { generatedBoards, loadBoards } from '../support/boards.ts';
import { type BoardJson, parseBoard } from './board-json.ts';
import { dashboardRules, repeatedUids } from './dashboard-rules.ts';

const series = new Map<string, Metric>([...recorded, ...catalogue]);
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

test('links lead to boards that are there, and set variables that these have', () => {
  const boards = [...generated.values()].map(parseBoard);
  const variablesOf = new Map(boards.map(({ uid, templating }) => [uid, templating.list.map(({ name }) => name)]));
  const links = boards.flatMap(linksOf);
  expect(links.length).toBeGreaterThan(0);
  for (const { url, uid, variables } of links) {
    expect({ url, missing: variables.filter((name) => !variablesOf.get(uid)?.includes(name)) }).toEqual({
      url,
      missing: [],
    });
  }
});

interface Link {
  readonly url: string;
  readonly uid: string;
  readonly variables: readonly string[];
}

function linksOf(board: BoardJson): readonly Link[] {
  const urls = [...JSON.stringify(board).matchAll(/"url":("(?:[^"\\]|\\.)*")/g)].map(([, text]) =>
    String(JSON.parse(text ?? '""')),
  );
  return urls.map((url) => ({
    url,
    uid: /^\/d\/([^?]+)/.exec(url)?.[1] ?? '',
    variables: [...url.matchAll(/var-(\w+)=/g)].map(([, name]) => name ?? ''),
  }));
}

test('the generated files are what the boards render to, with a new revision for each change: npm run gen', async () => {
  const rendered = renderBoards(await loadBoards(), generated);
  expect(Object.fromEntries(rendered)).toEqual(Object.fromEntries(generated));
});
