import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError, errnoOf, reasonOf } from '../../../kit/errors.ts';
import type { AlertTheme } from '../../../rules/alert.ts';
import { alertFile, type RuleFile } from '../../../rules/render/prometheus.ts';
import { alertTests, type TestGroup } from '../../../rules/render/promtool-tests.ts';
import { toYaml } from '../../generate/yaml.ts';

export interface NamedFile {
  readonly name: string;
  readonly file: RuleFile;
}

export interface Promtool {
  /** What promtool has against the files taken together; undefined if nothing. */
  readonly check: (files: readonly NamedFile[]) => Promise<string | undefined>;
  /** True if all of these situations hold with the rules of the theme; with none given, those of all its alerts. */
  readonly holds: (theme: AlertTheme, tests?: readonly TestGroup[]) => Promise<boolean>;
}

const maxOutputBytes = 64 * 1024 * 1024;

/** Runs promtool on files that it writes into the folder. Each call may run beside others. Rejects with ConfigError without promtool. */
export function promtoolIn(folder: string, program: string): Promtool {
  let tests = 0;
  const write = (name: string, content: object): void => writeFileSync(join(folder, name), toYaml(content, 'rules'));
  return {
    check: (files) => {
      for (const { name, file } of files) write(name, file);
      return run(folder, program, ['check', 'rules', '--lint=all', '--lint-fatal', ...files.map(({ name }) => name)]);
    },
    holds: async (theme, some) => {
      tests++;
      const [rules, test] = [`${tests}.rules.yaml`, `${tests}.test.yaml`];
      const all = alertTests(theme, { ruleFiles: [rules] });
      write(rules, alertFile(theme, { runbookBaseUrl: '' }));
      write(test, some === undefined ? all : { ...all, tests: some });
      return (await run(folder, program, ['test', 'rules', test])) === undefined;
    },
  };
}

/** promtool lives for seconds and needs little memory, so that to collect garbage as often as a server does only costs time. */
const garbagePercent = '400';

/** What it said, if it found something wrong. */
function run(cwd: string, program: string, args: readonly string[]): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    execFile(
      program,
      args,
      { cwd, encoding: 'utf8', maxBuffer: maxOutputBytes, env: { ...process.env, GOGC: garbagePercent } },
      (error, stdout, stderr) => {
        if (error === null) resolve(undefined);
        else if (typeof error.code === 'number') resolve(stdout + stderr);
        else reject(notRun(program, error));
      },
    );
  });
}

function notRun(program: string, error: Error): ConfigError {
  if (errnoOf(error) !== 'ENOENT') return new ConfigError(`cannot run ${program}: ${reasonOf(error)}`);
  return new ConfigError(
    `${program} is not there; install it (Debian: apt install prometheus) or name it with --promtool.bin`,
  );
}
