import { readFileSync } from 'node:fs';
import { ConfigError, reasonOf } from '../../kit/errors.ts';
import { wrap } from '../../kit/wrap.ts';
import type { AlertTheme } from '../../rules/alert.ts';
import { recordingGroups } from '../../rules/recording/index.ts';
import type { RecordingGroup } from '../../rules/recording.ts';
import { alertFile, recordingFile } from '../../rules/render/prometheus.ts';
import { forTarget } from '../../rules/targets/for-target.ts';
import type { RuleTarget } from '../../rules/targets/target.ts';
import { counted } from '../doctor/counted.ts';
import { painted, type TextStyle } from '../training-inspect/text/style.ts';
import { everySeries } from './every-series.ts';
import type { Finding, LintContext, LintRule } from './lint/check.ts';
import { lintRules } from './lint/lint-rules.ts';
import { rulesOfGroups, rulesOfText } from './lint/read-rule-file.ts';
import { lintOptions } from './options.ts';
import { targetOf } from './rule-options.ts';
import { type RulesContext, runRulesCommand } from './run-rules-command.ts';

interface Batch {
  readonly rules: readonly LintRule[];
  readonly series: LintContext['series'];
  /** An objective counts series of the user by design: that we do not know them need not be said for each of its windows. */
  readonly isObjective: boolean;
}

const knownSeries = 'series/known';

/** Runs `fleetlens rules lint`. */
export function lint(argv: readonly string[]): Promise<number> {
  return runRulesCommand(lintOptions, argv, (context) => {
    const { options, words, style } = context;
    const target = targetOf(options);
    const batches = words.length === 0 ? shippedBatches(context, target) : [batchOfFiles(words)];
    const findings = batches.flatMap(({ rules, series, isObjective }) =>
      lintRules(rules, {
        series,
        recordedHere: new Set(rules.filter(({ kind }) => kind === 'record').map(({ name }) => name)),
        target,
        scrapeSeconds: options['scrape-interval'],
      }).filter(({ check }) => !isObjective || check !== knownSeries),
    );
    const rules = batches.reduce((sum, batch) => sum + batch.rules.length, 0);
    const errors = findings.filter(({ severity }) => severity === 'error').length;
    return {
      json: { rules, findings },
      lines: [
        ...findings.flatMap((finding) => findingLines(finding, style)),
        `${counted(rules, 'rule')}: ${counted(errors, 'error')}, ${counted(findings.length - errors, 'warning')}`,
      ],
      status: errors > 0 ? 1 : 0,
    };
  });
}

/** What we ship, and each objective of the user by itself: its series have labels of their own. */
function shippedBatches(
  { themes, recordings, objectives }: Pick<RulesContext<never>, 'themes' | 'recordings' | 'objectives'>,
  target: RuleTarget,
): readonly Batch[] {
  const own = new Set(objectives.flatMap((each) => each.themes));
  return [
    {
      rules: shippedRules(
        themes.filter((theme) => !own.has(theme)),
        target,
        recordings,
      ),
      series: everySeries,
      isObjective: false,
    },
    ...objectives.map((each) => ({
      rules: shippedRules(each.themes, target, [each.recordings]),
      series: each.series,
      isObjective: true,
    })),
  ];
}

/** Those that we ship, as the target loads them. */
export function shippedRules(
  themes: readonly AlertTheme[],
  target: RuleTarget,
  recordings: readonly RecordingGroup[] = recordingGroups,
): readonly LintRule[] {
  const files = [...recordings.map(recordingFile), ...themes.map((theme) => alertFile(theme, { runbookBaseUrl: '' }))];
  return rulesOfGroups(files.flatMap((file) => forTarget(file, target).groups));
}

function batchOfFiles(paths: readonly string[]): Batch {
  return { rules: paths.flatMap((path) => rulesOfText(path, read(path))), series: everySeries, isObjective: false };
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new ConfigError(`cannot read ${path}: ${reasonOf(error)}`);
  }
}

/** Findings in a file are one line each, as editors and pipelines read them. */
function findingLines(finding: Finding, style: TextStyle): readonly string[] {
  const { severity, check, group, rule, file, message } = finding;
  if (file !== undefined) {
    const name = severity === 'error' ? check : `${check} (warning)`;
    return [`${file}:${finding.line}: ${rule}: ${name}: ${message}`];
  }
  const mark = severity === 'error' ? painted('error  ', 'bold', style) : painted('warning', 'yellow', style);
  return [
    `${mark} ${rule} (${group}) ${painted(check, 'dim', style)}`,
    ...wrap(message, { indent: '        ', width: style.width }),
  ];
}
