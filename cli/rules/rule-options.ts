import { ConfigError } from '../../kit/errors.ts';
import type { OptionSpecs } from '../../kit/options/define.ts';
import { parseDuration } from '../../kit/options/duration.ts';
import { profiles } from '../../rules/alert.ts';
import { loads, loadsSince } from '../../rules/targets/features.ts';
import { defaultVersions, parseVersion, type RuleTarget, targetNames } from '../../rules/targets/target.ts';

/** Which rules: what of the pack, and with which changes of the site. */
export const packOptions = {
  'rules.overrides': {
    type: 'path',
    help: 'YAML file with what your site has otherwise: thresholds, alerts, themes; see the guide of rules.',
  },
  'slo.file': {
    type: 'path',
    help: 'YAML file with service level objectives of your own; see the guide of objectives. Their rules stand beside ours.',
  },
  'rules.profiles': {
    type: 'list',
    default: [],
    help: `Whose exporters you have beside ours, for the alerts on their series: any of ${profiles.join(', ')}.`,
  },
} as const satisfies OptionSpecs;

/** For whom: who evaluates them. */
export const targetOptions = {
  'rules.target': {
    type: 'enum',
    default: 'prometheus',
    values: targetNames,
    help: 'Who evaluates the rules.',
  },
  'rules.target-version': {
    type: 'string',
    help: `Its version, such as 3.5; what it does not know is not used. The oldest that is written for: ${targetNames.map((name) => `${name} ${defaultVersions[name]}`).join(', ')}.`,
  },
} as const satisfies OptionSpecs;

interface TargetValues {
  readonly 'rules.target': (typeof targetNames)[number];
  readonly 'rules.target-version': string | undefined;
}

/** Throws ConfigError for what is no version. */
export function targetOf(options: TargetValues): RuleTarget {
  const name = options['rules.target'];
  const given = options['rules.target-version'];
  const version = given === undefined ? defaultVersions[name] : parseVersion(given);
  if (version !== undefined) return { name, version };
  throw new ConfigError(`--rules.target-version must be a version such as ${defaultVersions[name]}, got "${given}"`);
}

/** Throws ConfigError where the target has no such thing. */
export function queryOffsetOf(text: string | undefined, target: RuleTarget): string | undefined {
  if (text === undefined) return undefined;
  const seconds = parseDuration(text);
  if (seconds === undefined || seconds > 3600 || !/^\d+[smh]$/.test(text))
    throw new ConfigError(`--rules.query-offset must be a duration up to 1h, such as 30s, got "${text}"`);
  if (loads('query_offset', target) || loads('eval_delay', target)) return text;
  const since = loadsSince('query_offset', target.name) ?? loadsSince('eval_delay', target.name);
  throw new ConfigError(
    `--rules.query-offset needs ${target.name} ${since} or newer, got ${target.version}; say --rules.target-version=${since} if you have it`,
  );
}
