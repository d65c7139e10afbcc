import {
  booleanOf,
  didYouMean,
  entriesOf,
  fieldsOf,
  invalid,
  oneOf,
  optional,
  type Place,
  textOf,
} from '../../../kit/config-values.ts';
import { ConfigError } from '../../../kit/errors.ts';
import { parseDuration } from '../../../kit/options/duration.ts';
import type { Duration } from '../../../metrics/promql.ts';
import { type AlertTheme, actions, severities, teams } from '../../../rules/alert.ts';
import type { AlertChange, LabelMatch, LabelValues, Overrides } from './overrides.ts';
import { thresholdNamed, thresholdValue } from './threshold-value.ts';

const keys = [
  'disabled',
  'severity',
  'for',
  'keep_firing_for',
  'team',
  'action',
  'labels',
  'annotations',
  'only',
  'except',
] as const;
/** Set by every rule; routes and inhibitions go by them, or Prometheus sets them itself. */
const labelsOfRules = ['severity', 'action', 'domain', 'team', 'alertname', 'alertstate'];
const annotationsOfAlerts = ['summary', 'description', 'runbook_url', 'dashboard_url', 'context'];
const maxEntries = 1000;
const maxLabels = 20;

/** What overrides may name. */
export interface Overridable {
  readonly themes: readonly AlertTheme[];
  /** Where the objectives of a user are described, whose themes are among them. */
  readonly objectivesFile?: string | undefined;
}

/** Reads the overrides of a site. Throws ConfigError that names the place, the bad value and what was perhaps meant. */
export function readOverrides(file: string, value: unknown, { themes, objectivesFile }: Overridable): Overrides {
  const root = fieldsOf({ value: value ?? {}, where: file }, ['thresholds', 'themes', 'alerts'], ': ');
  const alertNames = themes.flatMap(({ alerts }) => alerts.map(({ name }) => name));
  return {
    file,
    thresholds: Object.fromEntries(
      entries(root('thresholds')).map(([name, { value: given, where }]) => {
        const known = thresholdNamed(name, `${file}: thresholds`);
        return [known, thresholdValue(known, { value: given, where })];
      }),
    ),
    themes: changes(root('themes'), {
      what: 'theme',
      names: themes.map(({ theme }) => theme),
      objectivesFile,
    }),
    alerts: changes(root('alerts'), { what: 'alert', names: alertNames, objectivesFile }),
  };
}

interface Known {
  readonly what: 'theme' | 'alert';
  readonly names: readonly string[];
  readonly objectivesFile: string | undefined;
}

function changes(place: Place, known: Known): ReadonlyMap<string, AlertChange> {
  return new Map(
    entries(place).map(([name, each]) => {
      if (known.names.includes(name)) return [name, changeOf(each)];
      throw new ConfigError(
        `${place.where}: there is no ${known.what} ${name.slice(0, 100)}${whereKnown(name, known)}`,
      );
    }),
  );
}

/** Names come from two places: from us, and from the objectives of a user. */
function whereKnown(name: string, { names, objectivesFile }: Known): string {
  const guess = didYouMean(name, names);
  if (objectivesFile !== undefined)
    return `, neither in FleetLens nor in the objectives of ${objectivesFile}${guess || `; fleetlens rules list --slo.file=${objectivesFile} lists them`}`;
  const isOfObjective = /(?:ErrorBudgetBurn(?:Fast|Mid|Slow|VerySlow)|SloAbsent|-slo)$/.test(name);
  const ofObjective = isOfObjective
    ? '; if an objective of yours has it, name the file of objectives with --slo.file'
    : '';
  return (guess || '; fleetlens rules list lists them') + ofObjective;
}

function changeOf(place: Place): AlertChange {
  const field = fieldsOf(place, keys);
  return compact({
    disabled: optional(field('disabled'), booleanOf),
    severity: optional(field('severity'), (each) => oneOf(each, severities)),
    for: optional(field('for'), durationOf),
    keepFiringFor: optional(field('keep_firing_for'), durationOf),
    team: optional(field('team'), (each) => oneOf(each, teams)),
    action: optional(field('action'), (each) => oneOf(each, actions)),
    labels: optional(field('labels'), (each) => textsOf(each, labelsOfRules)),
    annotations: optional(field('annotations'), (each) => textsOf(each, annotationsOfAlerts)),
    only: optional(field('only'), matchOf),
    except: optional(field('except'), matchOf),
  });
}

function compact<T extends object>(value: T): { readonly [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as never;
}

function durationOf(place: Place): Duration['duration'] {
  const { value } = place;
  const seconds = typeof value === 'string' ? parseDuration(value) : undefined;
  if (value === 0 || value === '0') return '0s';
  if (seconds === undefined || !Number.isInteger(seconds) || seconds > 30 * 86_400)
    throw invalid(place, 'a duration in whole seconds up to 30d, such as 90s, 10m or 1h30m');
  return /^\d+[smhd]$/.test(String(value)) ? (value as Duration['duration']) : `${seconds}s`;
}

/** Names and texts. Neither may hold a template: a value that changes with each evaluation starts the alert anew. */
function textsOf(place: Place, taken: readonly string[]): Readonly<Record<string, string>> {
  const isLabels = taken === labelsOfRules;
  return Object.fromEntries(
    entries(place, maxLabels).map(([name, each]) => {
      checkName(name, place, taken);
      const text = textOf(each);
      if (isLabels && text.includes('{{'))
        throw new ConfigError(`${each.where} must not hold a template: put ${preview(text)} into annotations instead`);
      return [name, text];
    }),
  );
}

function checkName(name: string, { where }: Place, taken: readonly string[]): void {
  if (taken.includes(name)) throw new ConfigError(`${where} must not set ${name}, which every alert has already`);
  if (/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name) && !name.startsWith('__')) return;
  throw new ConfigError(
    `${where} has the name ${preview(name)}; a name has letters, digits and _ and begins with a letter`,
  );
}

function matchOf(place: Place): LabelMatch {
  const found = entries(place, maxLabels);
  if (found.length === 0) throw invalid(place, 'labels with their values, such as {cluster: lab}');
  return Object.fromEntries(found.map(([label, each]) => [label, valuesOf(each)]));
}

function valuesOf(place: Place): LabelValues {
  const { value } = place;
  if (Array.isArray(value) && value.length > 0)
    return value.map((each: unknown, index) => plainText({ value: each, where: `${place.where}[${index}]` }));
  if (typeof value !== 'object' || value === null) return [plainText(place)];
  const regex = textOf(fieldsOf(place, ['regex'])('regex'));
  return { regex: checkRegex(regex, `${place.where}.regex`) };
}

/** YAML makes a number of a label value such as 0. */
function plainText({ value, where }: Place): string {
  return textOf({ value: typeof value === 'number' ? String(value) : value, where });
}

/** Prometheus has RE2, which knows no look-around and no back references. */
function checkRegex(regex: string, where: string): string {
  try {
    new RegExp(regex, 'u');
    if (!/\(\?[=!<]|\\[1-9]/.test(regex)) return regex;
  } catch {
    // The message below is clearer than that of the engine.
  }
  throw new ConfigError(`${where} must be a regular expression that Prometheus knows (RE2), got ${preview(regex)}`);
}

function entries(place: Place, max = maxEntries): readonly (readonly [string, Place])[] {
  if (place.value === undefined || place.value === null) return [];
  return entriesOf(place, max).map(([name, value]) => [name, { value, where: `${place.where}.${name}` }]);
}

function preview(text: string): string {
  return JSON.stringify(text.slice(0, 100));
}
