import { join } from 'node:path';
import { pathOf, splitCommandLine } from '../../../cli/training-inspect/command-line.ts';
import { inspectOptions } from '../../../cli/training-inspect/options.ts';
import { createProgressLine } from '../../../cli/training-inspect/progress.ts';
import { styleOf } from '../../../cli/training-inspect/training-inspect.ts';
import { runCli } from '../../support/cli.ts';
import { losses, newFolder, removeFolders, write } from './inspection.ts';

afterAll(removeFolders);

const split = (...argv: readonly string[]) => splitCommandLine(argv, inspectOptions.options);

test.each([
  [['/data'], '/data', []],
  [['/data', '--json'], '/data', ['--json']],
  [['--json', '/data'], '/data', ['--json']],
  [['--runs.depth', '3', '/data'], '/data', ['--runs.depth', '3']],
  [['--runs.depth=3', '--', '--odd'], '--odd', ['--runs.depth=3']],
  [['--no-json', '/data'], '/data', ['--no-json']],
  [[], undefined, []],
] as const)('%j', (argv, path, options) => {
  const line = split(...argv);
  expect(pathOf(line)).toBe(path);
  expect(line.options).toEqual(options);
});

test('the status tells whether something was found', async () => {
  const folder = newFolder();
  const path = write(join(folder, 'events.out.tfevents.1'), losses([2, 1]));
  const found = await runCli(['training', 'inspect', path], { env: { LC_ALL: 'C' } });
  expect(found).toMatchObject({ status: 0, stderr: '' });
  expect(found.stdout).toContain('training_loss');
  expect(found.stdout).toMatch(/^[\x20-\x7e\n]*$/);
  const nothing = await runCli(['training', 'inspect', join(folder, 'nowhere'), '--json']);
  expect(nothing).toMatchObject({ status: 1, stderr: '' });
  expect(JSON.parse(nothing.stdout)).toMatchObject({ is: 'missing', runs: [] });
});

test.each([
  [[], /PATH is missing/],
  [['a', 'b'], /one PATH can be given, got 2/],
  [['a', '--runs.depht=3'], /did you mean --runs\.depth/],
  [['a', '--runs.job-id-pattern=x'], /--runs\.job-id-pattern must have a group/],
  [['a', '--mapping.file=/nowhere'], /--mapping\.file cannot be read/],
])('bad options: %j', async (argv, message) => {
  const { status, stdout, stderr } = await runCli(['training', 'inspect', ...argv]);
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toMatch(message);
});

test('the locale decides by the rules of POSIX', () => {
  const isUnicode = (env: Record<string, string>) => styleOf({ isTTY: false, columns: 80 }, env).isUnicode;
  expect(isUnicode({ LANG: 'de_DE.UTF-8' })).toBe(true);
  expect(isUnicode({ LC_ALL: 'C', LANG: 'de_DE.UTF-8' })).toBe(false);
  expect(isUnicode({ LC_ALL: '', LC_CTYPE: 'C.utf8' })).toBe(true);
  expect(isUnicode({})).toBe(false);
});

test('widths are those of the terminal, within reason', () => {
  const width = (columns: number | undefined) => styleOf({ isTTY: true, columns: columns ?? 0 }, {}).width;
  expect([width(20), width(80), width(120), width(500)]).toEqual([60, 80, 120, 120]);
});

test('progress shows on a terminal after a second, and is wiped at the end', () => {
  const time = { now: 0 };
  const written: string[] = [];
  const clock = { now: () => 0, monotonic: () => time.now };
  const line = createProgressLine({ clock, write: (text) => written.push(text), isTerminal: true });
  line.begin('reading', 4 * 2 ** 20);
  line.read(2 ** 20);
  expect(written).toEqual([]);
  time.now = 1.5;
  line.read(2 ** 20);
  line.read(2 ** 20);
  expect(written).toEqual(['\r\x1b[Kreading: 2 MiB of 4 MiB']);
  line.end();
  expect(written[1]).toBe('\r\x1b[K');
});

test('no progress where nobody looks', () => {
  const written: string[] = [];
  const clock = { now: () => 0, monotonic: () => written.length * 10 };
  const line = createProgressLine({ clock, write: (text) => written.push(text), isTerminal: false });
  line.begin('reading', 9);
  line.end();
  expect(written).toEqual([]);
});
