import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { generatedBoards } from '../support/boards.ts';
import { tool } from '../support/tools.ts';
import { parseBoard, targetsOf, withoutVariables } from './board-json.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'fleetlens-boards-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** promtool checks the types of rules; a query of a board is the same language, so each goes in as a rule. */
function check(expressions: readonly string[]): string {
  const rules = expressions.map((expr, index) => ({ record: `query_${index}`, expr }));
  const file = path.join(folder, 'rules.yaml');
  writeFileSync(file, JSON.stringify({ groups: [{ name: 'board', rules }] }));
  return execFileSync(tool('promtool'), ['check', 'rules', file], { encoding: 'utf8', stdio: 'pipe' });
}

test.each([...generatedBoards()])('the oldest supported Prometheus takes every query of %s', (_name, text) => {
  const expressions = targetsOf(parseBoard(text)).map(({ target }) => withoutVariables(target.expr));
  expect(check(expressions)).toContain(`${expressions.length} rules found`);
});

test('promtool would refuse a query that only looks like PromQL', () => {
  expect(() => check(['rate(gpu_up)'])).toThrow('expected type range vector');
});
