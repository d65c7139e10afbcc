import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runMain } from '../../support/run-main.ts';

const folder = mkdtempSync(join(tmpdir(), 'fleetlens-simulated-'));
afterAll(() => rmSync(folder, { recursive: true }));

const simulate = (...argv: readonly string[]) => runMain('prediction', 'simulate', '--gpus=16', '--days=60', ...argv);
const linesOf = (out: string, name: string): readonly string[] =>
  readFileSync(join(folder, out, name), 'utf8')
    .trimEnd()
    .split('\n');

test('the same seed writes the same files, which the line that is printed takes', async () => {
  const { status, stdout } = await simulate(`--out=${join(folder, 'one')}`);
  expect(status).toBe(0);
  await simulate(`--out=${join(folder, 'two')}`);
  for (const name of ['history.csv', 'failures.csv', 'truth.csv'])
    expect(linesOf('one', name)).toEqual(linesOf('two', name));
  const [, line = ''] = /^fleetlens (prediction evaluate .*)$/m.exec(stdout) ?? [];
  const evaluated = await runMain(...line.split(' '), '--horizon=24h', '--json');
  expect(JSON.parse(evaluated.stdout)).toMatchObject({ horizon: '24h', layer: 'rate' });
}, 60_000);

test('the truth names each failure with its cause; without signs none has any', async () => {
  await simulate(`--out=${join(folder, 'shown')}`, '--days=300');
  await simulate(`--out=${join(folder, 'silent')}`, '--days=300', '--signs=0');
  const starts = (lines: readonly string[]) => lines.slice(1).map((line) => line.split(',').slice(0, 2));
  expect(starts(linesOf('shown', 'truth.csv'))).toEqual(starts(linesOf('shown', 'failures.csv')));
  const shown = linesOf('shown', 'truth.csv').filter((line) => /,(memory|thermal|pcie|nvlink),\d/.test(line));
  expect(shown.length).toBeGreaterThan(5);
  const silent = linesOf('silent', 'truth.csv').slice(1);
  expect(silent.length).toBeGreaterThan(20);
  expect(silent.filter((line) => !line.endsWith(',sudden,'))).toEqual([]);
}, 60_000);

test('a folder that cannot be written is named', async () => {
  const file = join(folder, 'a-file');
  writeFileSync(file, '');
  const { status, stderr } = await simulate(`--out=${file}`);
  expect(status).toBe(2);
  expect(stderr).toContain(`--out ${file} cannot be written`);
});
