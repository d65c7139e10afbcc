import type { Check } from '../../../cli/doctor/check.ts';
import { checks } from '../../../cli/doctor/checks/index.ts';
import { ok, warning } from '../../../cli/doctor/finding.ts';
import { runChecks } from '../../../cli/doctor/run-checks.ts';
import { machine } from './machine.ts';

function check(name: string, run: Check['run']): Check {
  return { name, title: name, group: 'driver', run };
}

test('a check that throws or never ends costs only itself', async () => {
  const { results, isStuck } = await runChecks(
    [
      check('throws', () => {
        throw new Error('a disk is gone');
      }),
      check('hangs', () => new Promise(() => {})),
      check('works', async () => ok('seen')),
    ],
    machine(),
    0.05,
  );
  expect(isStuck).toBe(true);
  expect(results.map(({ name, status, found }) => [name, status, found])).toEqual([
    ['throws', 'failure', 'cannot be checked: a disk is gone'],
    ['hangs', 'failure', 'no answer within 0.05 s'],
    ['works', 'ok', 'seen'],
  ]);
});

test('whatever a file says stays a short text of one line', async () => {
  const hostile = check('hostile', () => warning(`a\x1b[2J\nb\u202Ec${'x'.repeat(5000)}`, 'd\x07e'));
  const { results, isStuck } = await runChecks([hostile], machine(), 1);
  const [result] = results;
  expect(isStuck).toBe(false);
  expect(result?.found).toMatch(/^a\u{FFFD}\[2J\u{FFFD}b\u{FFFD}cx+…$/u);
  expect(result?.found.length).toBeLessThan(700);
  expect(result?.remedy).toBe('d\u{FFFD}e');
});

test('each check has a name and a title of its own', () => {
  expect(new Set(checks.map(({ name }) => name)).size).toBe(checks.length);
  expect(new Set(checks.map(({ title }) => title)).size).toBe(checks.length);
  for (const { name } of checks) expect(name).toMatch(/^[a-z_]+$/);
});
