import type { Check, LintRule, Subject } from '../check.ts';

const aDay = 86_400;
const routed = ['severity', 'team', 'domain', 'action'];

export const alertChecks: readonly Check[] = [
  {
    name: 'alert/type',
    about: 'The expression of an alert is a vector: not a number, a text or a range.',
    severity: 'error',
    run: ({ rule, root, labels }) => {
      if (rule.kind !== 'alert') return [];
      if (root !== undefined && /^(?:MatrixSelector|StringLiteral|SubqueryExpr)$/.test(root.name))
        return ['it is a range or a text, which never fires or fails: use a function such as max_over_time'];
      return labels === 'scalar' ? ['it is a number, not a vector'] : [];
    },
  },
  {
    name: 'alert/comparison',
    about: 'An alert compares something, or asks for what is absent; else it fires for every series that is there.',
    severity: 'error',
    run: ({ rule, nodes }) =>
      rule.kind === 'alert' &&
      rule.labels['severity'] !== 'none' &&
      !compares(nodes) &&
      !/\babsent\w*\(/.test(rule.expr)
        ? ['it compares nothing, so it fires for every series that is there']
        : [],
  },
  {
    name: 'alert/absent-for',
    about: 'An alert on what is absent waits, since one failed scrape makes everything absent.',
    severity: 'error',
    run: ({ rule }, { scrapeSeconds }) =>
      rule.kind === 'alert' && /\babsent\(/.test(rule.expr) && rule.forSeconds < 2 * scrapeSeconds
        ? [`absent() needs for of at least two scrapes (${2 * scrapeSeconds}s), got ${rule.forSeconds}s`]
        : [],
  },
  {
    name: 'alert/long-for',
    about: 'An alert waits a day at most, because what it has waited may be lost with a restart.',
    severity: 'warning',
    run: ({ rule }) => (rule.forSeconds > aDay ? ['for is longer than a day, which a restart may lose'] : []),
  },
  {
    name: 'alert/template',
    about: 'Texts name only labels that the alert has.',
    severity: 'error',
    run: ({ rule, labels }) => (isLabels(labels) ? missingInTexts(rule, labels) : []),
  },
  {
    name: 'alert/value-in-label',
    about: 'No label holds a value, which makes another alert of it with each evaluation.',
    severity: 'error',
    run: ({ rule }) =>
      Object.entries(rule.labels)
        .filter(([, text]) => /\$value|\.Value/.test(text))
        .map(([name]) => `the label ${name} holds the value: put it into an annotation`),
  },
  {
    name: 'alert/routing',
    about: 'An alert has the labels severity, team, domain and action, which routes and inhibitions go by.',
    severity: 'warning',
    run: ({ rule }) => {
      const missing = rule.kind === 'alert' ? routed.filter((name) => rule.labels[name] === undefined) : [];
      return missing.length === 0 ? [] : [`it lacks ${missing.join(', ')}, which routes go by`];
    },
  },
];

function compares(nodes: Subject['nodes']): boolean {
  return nodes.some(({ name }) => /^(?:Eql|Neq|Gtr|Lss|Gte|Lte)$/.test(name));
}

function isLabels(labels: Subject['labels']): labels is ReadonlySet<string> {
  return labels instanceof Set;
}

function missingInTexts({ labels, annotations }: LintRule, result: ReadonlySet<string>): readonly string[] {
  const used = Object.values(annotations).flatMap((text) =>
    [...text.matchAll(/\$labels\.(\w+)/g)].map(([, name = '']) => name),
  );
  const known = new Set([...result, ...Object.keys(labels)]);
  return [...new Set(used)]
    .filter((name) => !known.has(name) && !isGuarded(annotations, name))
    .map((name) => `its texts name ${name}, but the alert has only ${[...known].join(', ')}`);
}

/** `{{ with $labels.x }}` and `{{ if $labels.x }}` reckon with a label that is not there. */
function isGuarded(annotations: LintRule['annotations'], name: string): boolean {
  return Object.values(annotations)
    .filter((text) => text.includes(`$labels.${name}`))
    .every((text) => new RegExp(`\\{\\{-? *(?:with|if) \\$labels\\.${name}\\b`).test(text));
}
