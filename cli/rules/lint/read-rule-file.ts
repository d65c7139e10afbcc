import { ConfigError } from '../../../kit/errors.ts';
import { parseDuration } from '../../../kit/options/duration.ts';
import { parseYamlDocuments } from '../../../kit/yaml.ts';
import { yamlLines } from '../../../kit/yaml-lines.ts';
import type { RuleGroup } from '../../../rules/render/prometheus.ts';
import type { LintRule, RulePlace } from './check.ts';

/** The rules of groups that we render. */
export function rulesOfGroups(groups: readonly RuleGroup[]): readonly LintRule[] {
  return groups.flatMap((group) => group.rules.map((rule) => ruleOf(rule, group.name, 'rules')));
}

/** The rules of a file of Prometheus, of mimirtool, or of objects of an operator. Throws ConfigError that names the place. */
export function rulesOfText(file: string, text: string): readonly LintRule[] {
  const documents = parseYamlDocuments(file, text);
  const lines = yamlLines(text);
  const rules = documents.flatMap((document, index) => rulesOfDocument(document, { file, lines, path: `${index}` }));
  if (documents.length === 0) throw noRuleFile(file);
  return rules;
}

interface Source {
  readonly file: string;
  readonly lines: ReadonlyMap<string, number>;
  readonly path: string;
}

function rulesOfDocument(document: unknown, { file, lines, path }: Source): readonly LintRule[] {
  const spec = field(document, 'spec');
  const groups = field(spec ?? document, 'groups');
  if (!Array.isArray(groups)) throw noRuleFile(file);
  const inDocument = spec === undefined ? `${path}.groups` : `${path}.spec.groups`;
  return groups.flatMap((group: unknown, index) => {
    const rules = field(group, 'rules');
    if (!Array.isArray(rules)) throw new ConfigError(`${file}: groups[${index}] has no list of rules`);
    return rules.map((rule: unknown, at) => {
      const line = lines.get(`${inDocument}.${index}.rules.${at}`) ?? lines.get(path) ?? 1;
      const found = ruleOf(
        rule,
        String(field(group, 'name') ?? index),
        `${file}:${line}: groups[${index}].rules[${at}]`,
      );
      return { ...found, place: { file, line } satisfies RulePlace };
    });
  });
}

function noRuleFile(file: string): ConfigError {
  return new ConfigError(`${file} has no list of groups, so it is no rule file`);
}

function ruleOf(rule: unknown, group: string, where: string): LintRule {
  const alert = field(rule, 'alert');
  const name = alert ?? field(rule, 'record');
  const expr = field(rule, 'expr');
  if (typeof name !== 'string') throw new ConfigError(`${where} has neither alert nor record`);
  if (typeof expr !== 'string' && typeof expr !== 'number') throw new ConfigError(`${where} (${name}) has no expr`);
  return {
    group,
    name,
    kind: alert === undefined ? 'record' : 'alert',
    expr: String(expr),
    forSeconds: parseDuration(String(field(rule, 'for') ?? '0s')) ?? 0,
    hasKeepFiringFor: field(rule, 'keep_firing_for') !== undefined,
    labels: textsOf(field(rule, 'labels')),
    annotations: textsOf(field(rule, 'annotations')),
  };
}

function textsOf(value: unknown): Readonly<Record<string, string>> {
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(Object.entries(value).map(([name, text]) => [name, String(text)]));
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;
}
