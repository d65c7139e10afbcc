import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { didYouMean } from '../../kit/config-values.ts';
import { ConfigError, errnoOf, reasonOf } from '../../kit/errors.ts';
import { wrap } from '../../kit/wrap.ts';
import { type Alert, type AlertTheme, situationsOf } from '../../rules/alert.ts';
import { recordingGroups } from '../../rules/recording/index.ts';
import { alertFile, recordingFile } from '../../rules/render/prometheus.ts';
import { alertTests, type TestGroup, testGroup } from '../../rules/render/promtool-tests.ts';
import { allThemes } from '../../rules/themes.ts';
import { counted } from '../doctor/counted.ts';
import { toYaml } from '../generate/yaml.ts';
import { testOptions } from './options.ts';
import { runRulesCommand } from './run-rules-command.ts';

interface Problem {
  readonly alert: string;
  readonly kind: 'check' | 'example' | 'changed_by_override';
  readonly message: string;
}

/** Runs `fleetlens rules test`. */
export function test(argv: readonly string[]): Promise<number> {
  return runRulesCommand(testOptions, argv, ({ options, words, themes: all, style }) => {
    const themes = named(words, all);
    const folder = mkdtempSync(join(tmpdir(), 'fleetlens-rules-test-'));
    try {
      const promtool = promtoolIn(folder, options['promtool.bin'] ?? 'promtool');
      const recordings = recordingGroups.flatMap((group) =>
        promtool.check(`${group.group}.yaml`, recordingFile(group)),
      );
      const problems = [...recordings, ...themes.flatMap((theme) => problemsOf(theme, promtool))];
      const failures = problems.filter(({ kind }) => kind !== 'changed_by_override').length;
      const alerts = themes.reduce((sum, theme) => sum + theme.alerts.length, 0);
      const lines = problems.flatMap(({ alert, kind, message }) => [
        `${kind === 'changed_by_override' ? 'changed' : 'FAILED '} ${alert}`,
        ...message.split('\n').flatMap((line) => wrap(line, { indent: '        ', width: style.width })),
      ]);
      const last = `${counted(alerts, 'alert')} with their examples: ${counted(failures, 'failure')}, ${problems.length - failures} changed by your overrides`;
      return { json: { alerts, problems }, lines: [...lines, last], status: failures > 0 ? 1 : 0 };
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
}

/** The themes with only these alerts; all of them where none is named. */
function named(words: readonly string[], themes: readonly AlertTheme[]): readonly AlertTheme[] {
  if (words.length === 0) return themes;
  const known = themes.flatMap(({ alerts }) => alerts.map(({ name }) => name as string));
  const unknown = words.find((word) => !known.includes(word));
  if (unknown !== undefined) throw new ConfigError(`there is no alert ${unknown}${didYouMean(unknown, known)}`);
  return themes
    .map((theme) => ({ ...theme, alerts: theme.alerts.filter(({ name }) => words.includes(name)) }))
    .filter(({ alerts }) => alerts.length > 0);
}

interface Promtool {
  readonly check: (name: string, content: object) => readonly Problem[];
  /** True if all of these situations hold with the rules of the theme; with none given, those of all its alerts. */
  readonly holds: (theme: AlertTheme, tests?: readonly TestGroup[]) => boolean;
}

function promtoolIn(folder: string, program: string): Promtool {
  const run = (...args: readonly string[]): string | undefined => {
    const { status, stdout, stderr, error } = spawnSync(program, args, { cwd: folder, encoding: 'utf8' });
    if (error !== undefined) throw notFound(program, error);
    return status === 0 ? undefined : stdout + stderr;
  };
  const write = (name: string, content: object): void => writeFileSync(join(folder, name), toYaml(content, 'rules'));
  return {
    check: (name, content) => {
      write(name, content);
      const said = run('check', 'rules', '--lint=all', '--lint-fatal', name);
      return said === undefined ? [] : [{ alert: name, kind: 'check', message: said.trim() }];
    },
    holds: (theme, tests) => {
      write('rules.yaml', alertFile(theme, { runbookBaseUrl: '' }));
      const all = alertTests(theme, { ruleFiles: ['rules.yaml'] });
      write('rules.test.yaml', tests === undefined ? all : { ...all, tests });
      return run('test', 'rules', 'rules.test.yaml') === undefined;
    },
  };
}

function notFound(program: string, error: Error): ConfigError {
  if (errnoOf(error) !== 'ENOENT') return new ConfigError(`cannot run ${program}: ${reasonOf(error)}`);
  return new ConfigError(
    `${program} is not there; install it (Debian: apt install prometheus) or name it with --promtool.bin`,
  );
}

function problemsOf(theme: AlertTheme, promtool: Promtool): readonly Problem[] {
  const checked = promtool.check(`${theme.theme}.yaml`, alertFile(theme, { runbookBaseUrl: '' }));
  if (checked.length > 0 || promtool.holds(theme)) return checked;
  return theme.alerts.flatMap((alert) => exampleProblems(theme, alert, promtool));
}

/** One alert and one situation at a time, so that they can be named. */
function exampleProblems(theme: AlertTheme, alert: Alert, promtool: Promtool): readonly Problem[] {
  const alone = { ...theme, alerts: [alert] };
  if (promtool.holds(alone)) return [];
  const isChanged = !allThemes.some(({ alerts }) => alerts.some((each) => sameRule(each, alert)));
  return situationsOf(alert)
    .filter((situation) => !promtool.holds(alone, [testGroup(alert, situation)]))
    .map(({ when, alerts }) => ({
      alert: alert.name,
      kind: isChanged ? 'changed_by_override' : 'example',
      message: `${alerts.length > 0 ? 'no longer fires as here' : 'now fires, where it was quiet'}: ${when}`,
    }));
}

function sameRule(one: Alert, other: Alert): boolean {
  return (
    one.name === other.name &&
    one.expr.promql === other.expr.promql &&
    one.for === other.for &&
    one.keepFiringFor === other.keepFiringFor
  );
}
