import { readFileSync } from 'node:fs';
import { ConfigError, reasonOf } from '../../kit/errors.ts';
import { wrap } from '../../kit/wrap.ts';
import { parseYaml } from '../../kit/yaml.ts';
import { catalogue } from '../../metrics/index.ts';
import type { AlertTheme } from '../../rules/alert.ts';
import { recorded, recordingGroups } from '../../rules/recording/index.ts';
import { alertFile, recordingFile } from '../../rules/render/prometheus.ts';
import { forTarget } from '../../rules/targets/for-target.ts';
import type { RuleTarget } from '../../rules/targets/target.ts';
import { counted } from '../doctor/counted.ts';
import { painted, type TextStyle } from '../training-inspect/text/style.ts';
import type { Finding, LintRule } from './lint/check.ts';
import { lintRules } from './lint/lint-rules.ts';
import { rulesOfDocument, rulesOfGroups } from './lint/read-rule-file.ts';
import { lintOptions } from './options.ts';
import { targetOf } from './rule-options.ts';
import { runRulesCommand } from './run-rules-command.ts';

const everySeries = new Map([...recorded, ...catalogue]);

/** Runs `fleetlens rules lint`. */
export function lint(argv: readonly string[]): Promise<number> {
  return runRulesCommand(lintOptions, argv, ({ options, words, themes, style }) => {
    const target = targetOf(options);
    const rules = words.length === 0 ? shippedRules(themes, target) : words.flatMap(rulesOfFile);
    const findings = lintRules(rules, {
      series: everySeries,
      recordedHere: new Set(rules.filter(({ kind }) => kind === 'record').map(({ name }) => name)),
      target,
      scrapeSeconds: options['scrape-interval'],
    });
    const errors = findings.filter(({ severity }) => severity === 'error').length;
    return {
      json: { rules: rules.length, findings },
      lines: [
        ...findings.flatMap((finding) => findingLines(finding, style)),
        `${counted(rules.length, 'rule')}: ${counted(errors, 'error')}, ${counted(findings.length - errors, 'warning')}`,
      ],
      status: errors > 0 ? 1 : 0,
    };
  });
}

/** Those that we ship, as the target loads them. */
export function shippedRules(themes: readonly AlertTheme[], target: RuleTarget): readonly LintRule[] {
  const files = [
    ...recordingGroups.map(recordingFile),
    ...themes.map((theme) => alertFile(theme, { runbookBaseUrl: '' })),
  ];
  return rulesOfGroups(files.flatMap((file) => forTarget(file, target).groups));
}

function rulesOfFile(path: string): readonly LintRule[] {
  return rulesOfDocument(path, parseYaml(path, read(path)));
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new ConfigError(`cannot read ${path}: ${reasonOf(error)}`);
  }
}

function findingLines({ severity, check, group, rule, message }: Finding, style: TextStyle): readonly string[] {
  const mark = severity === 'error' ? painted('error  ', 'bold', style) : painted('warning', 'yellow', style);
  return [
    `${mark} ${rule} (${group}) ${painted(check, 'dim', style)}`,
    ...wrap(message, { indent: '        ', width: style.width }),
  ];
}
