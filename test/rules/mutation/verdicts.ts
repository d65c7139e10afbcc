import { type Alert, situationsOf } from '../../../rules/alert.ts';
import type { RuleFolder } from '../rule-files.ts';
import { allSituationsOf } from '../situations.ts';
import { isEquivalent } from './equivalent.ts';
import { type Mutant, unchanged } from './mutants.ts';
import { isAsExpected, resultsOf, type Trial } from './trials.ts';

/** Survived: no example noticed. Equivalent: none could. Invalid: Prometheus does not load it, so nobody could have shipped it. */
export type Outcome = 'killed' | 'survived' | 'equivalent' | 'invalid';

export interface Verdict {
  readonly alert: Alert;
  readonly mutant: Mutant;
  readonly outcome: Outcome;
}

interface Mutated {
  readonly alert: Alert;
  readonly mutants: readonly Mutant[];
}

/** Runs the examples of each alert against its mutants, and all its other situations against those that the examples did not notice. */
export function verdictsOf(folder: RuleFolder, input: readonly Mutated[]): readonly Verdict[] {
  const outcomes = new Map<Mutant, Outcome>();
  for (const situations of [situationsOf, othersOf]) {
    const trials = input.flatMap(({ alert, mutants }) => {
      const left = [unchanged(alert), ...mutants.filter((mutant) => !outcomes.has(mutant))];
      return situations(alert).flatMap((situation) => left.map((mutant) => ({ alert, mutant, situation })));
    });
    for (const [mutant, outcome] of noticed(folder, trials)) outcomes.set(mutant, outcome);
  }
  return input.flatMap(({ alert, mutants }) =>
    mutants.map((mutant) => ({
      alert,
      mutant,
      outcome: outcomes.get(mutant) ?? (isEquivalent(alert, mutant) ? 'equivalent' : 'survived'),
    })),
  );
}

function othersOf(alert: Alert): ReturnType<typeof allSituationsOf> {
  return allSituationsOf(alert).slice(situationsOf(alert).length);
}

function noticed(folder: RuleFolder, trials: readonly Trial[]): readonly (readonly [Mutant, Outcome])[] {
  return resultsOf(folder, trials).flatMap((result, index) => {
    const trial = trials[index] as Trial;
    if (isAsExpected(trial, result)) return [];
    if (trial.mutant.change !== '') return [[trial.mutant, result === 'invalid' ? 'invalid' : 'killed']];
    throw new Error(`${trial.alert.name} without any change does not do as is said: ${trial.situation.when}`);
  });
}
