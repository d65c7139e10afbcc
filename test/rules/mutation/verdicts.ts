import type { Alert, Example } from '../../../rules/alert.ts';
import { ruleLabels } from '../../../rules/render/prometheus.ts';
import { testGroup } from '../../../rules/render/promtool-tests.ts';
import type { RuleFolder, ToolResult } from '../rule-files.ts';
import { allSituationsOf } from '../situations.ts';
import { secondsOf } from './durations.ts';
import { isEquivalent } from './equivalent.ts';
import { type Mutant, unchanged } from './mutants.ts';

/** Survived: no example noticed. Equivalent: none could. Invalid: Prometheus does not load it, so nobody could have shipped it. */
export type Outcome = 'killed' | 'survived' | 'equivalent' | 'invalid';

/** A mutant under the name of its own rule. */
interface Candidate {
  readonly alert: Alert;
  readonly mutant: Mutant;
  readonly name: string;
}

export interface Verdict {
  readonly alert: Alert;
  readonly mutant: Mutant;
  readonly outcome: Outcome;
}

/**
 * Runs the examples of each alert against its mutants. All mutants of an alert are rules of one file, so that promtool loads the
 * series of an example once; a rule that fails at run time ends the whole test, and is taken out before the next round.
 */
export function verdictsOf(
  folder: RuleFolder,
  input: readonly { readonly alert: Alert; readonly mutants: readonly Mutant[] }[],
): readonly Verdict[] {
  const candidates = input.flatMap(({ alert, mutants }) =>
    mutants.map((mutant, index) => ({ alert, mutant, name: `${alert.name}/${index}` })),
  );
  const invalid = refusedOf(folder, candidates);
  const controls = input.map(({ alert }) => ({ alert, mutant: unchanged(alert), name: `${alert.name}/unchanged` }));
  const killed = killedOf(folder, [...controls, ...candidates.filter(({ name }) => !invalid.has(name))]);
  const wrong = controls.filter(({ name }) => killed.has(name)).map(({ alert }) => alert.name);
  if (wrong.length > 0) throw new Error(`the examples fail without any change: ${wrong.join(', ')}`);
  return candidates.map(({ alert, mutant, name }) => {
    if (invalid.has(name)) return { alert, mutant, outcome: 'invalid' };
    if (killed.has(name)) return { alert, mutant, outcome: 'killed' };
    return { alert, mutant, outcome: isEquivalent(alert.name, mutant) ? 'equivalent' : 'survived' };
  });
}

function refusedOf(folder: RuleFolder, candidates: readonly Candidate[]): ReadonlySet<string> {
  const files = writeRules(folder, candidates);
  if (files.length === 0) return new Set();
  const { output } = folder.promtool('check', 'rules', ...files);
  return new Set([...output.matchAll(/rule \d+, "([^"]+)"/g)].map(([, name = '']) => name));
}

function killedOf(folder: RuleFolder, candidates: readonly Candidate[]): ReadonlySet<string> {
  const killed = new Set<string>();
  for (let round = candidates; round.length > 0; ) {
    const output = outputOf(folder, round);
    const failed = namesIn(output, /rule: (\S+), time: /g);
    for (const name of [...failed, ...namesIn(output, /alertname=\\"([^"\\]+)\\"/g)]) killed.add(name);
    const unfinished = new Set(round.filter(({ name }) => failed.has(name)).map(({ alert }) => alert));
    round = round.filter(({ alert, name }) => unfinished.has(alert) && !killed.has(name));
  }
  return killed;
}

function outputOf(folder: RuleFolder, candidates: readonly Candidate[]): string {
  writeRules(folder, candidates);
  const tests = byAlert(candidates).flatMap(([alert, own]) => {
    const names = own.map((candidate) => candidate.name);
    return allSituationsOf(alert).map((situation, index) => {
      const name = `${alert.name}.${index}.test.yaml`;
      folder.write(name, {
        rule_files: [fileOf(alert)],
        evaluation_interval: stepOf(alert, situation),
        tests: [testGroup(alert, situation, names)],
      });
      return name;
    });
  });
  return refuseOtherErrors(folder.promtool('test', 'rules', ...tests));
}

/** Days of minutes for dozens of rules take minutes; a few hundred evaluations show the same, never farther apart than `for`. */
export function stepOf(alert: Alert, { at }: Example): string {
  const wait = secondsOf(alert.for);
  const step = Math.min(secondsOf(at) / 240, wait === 0 ? Number.POSITIVE_INFINITY : wait);
  if (step <= 60) return '1m';
  return `${Math.floor((secondsOf(at) * 1000) / Math.ceil(secondsOf(at) / step))}ms`;
}

/** What is neither a failed expectation nor a failed rule would otherwise count as a survivor. */
function refuseOtherErrors({ output }: ToolResult): string {
  const known = /^(?:Unit Testing: .*| *SUCCESS| *FAILED:| *rule: .*| *name: .*| *expr: .*| *exp: .*| *got: ?.*|\s*)$/;
  const unknown = output.split('\n').filter((line) => !known.test(line));
  if (unknown.length > 0) throw new Error(`promtool: ${unknown.join('\n').slice(0, 2000)}`);
  return output;
}

function namesIn(output: string, pattern: RegExp): ReadonlySet<string> {
  return new Set([...output.matchAll(pattern)].map(([, name = '']) => name));
}

function writeRules(folder: RuleFolder, candidates: readonly Candidate[]): readonly string[] {
  return byAlert(candidates).map(([alert, own]) => {
    folder.write(fileOf(alert), { groups: [{ name: alert.name, rules: own.map(ruleOf) }] });
    return fileOf(alert);
  });
}

function ruleOf({ alert, mutant, name }: Candidate): object {
  return {
    alert: name,
    expr: mutant.expr,
    for: mutant.for,
    ...(mutant.keepFiringFor && { keep_firing_for: mutant.keepFiringFor }),
    labels: ruleLabels(alert),
  };
}

function byAlert(candidates: readonly Candidate[]): readonly (readonly [Alert, readonly Candidate[]])[] {
  const alerts = new Set(candidates.map(({ alert }) => alert));
  return [...alerts].map((alert) => [alert, candidates.filter((candidate) => candidate.alert === alert)]);
}

function fileOf({ name }: Alert): string {
  return `${name}.yaml`;
}
