import type { Alert, FiringExample } from '../../../rules/alert.ts';
import type { RuleFolder } from '../rule-files.ts';
import { secondsOf } from './durations.ts';
import { firingAfter, type Waits } from './firing.ts';
import { alertOf, expectedOf } from './label-text.ts';
import type { Mutant } from './mutants.ts';
import { type Answer, answersOf } from './readings.ts';
import { timesOf } from './times.ts';

/** A mutant in a situation. */
export interface Trial {
  readonly alert: Alert;
  readonly mutant: Mutant;
  readonly situation: FiringExample;
}

/** The alerts that fire, as texts in order; or that Prometheus does not load the rule, or cannot evaluate it. */
export type Result = readonly string[] | 'invalid' | 'fails';

/** In the order of the trials. */
export function resultsOf(folder: RuleFolder, trials: readonly Trial[]): readonly Result[] {
  const queries = trials.map(({ alert, mutant, situation }) => ({
    situation,
    expr: mutant.expr,
    times: timesOf(secondsOf(situation.at), longer(waitsOf(alert), waitsOf(mutant))),
  }));
  return answersOf(folder, queries).map((answer, index) => resultOf(trials[index] as Trial, answer));
}

export function isAsExpected({ alert, situation }: Trial, result: Result): boolean {
  return result.toString() === expectedOf(alert, situation).toString();
}

function resultOf({ alert, mutant }: Trial, answer: Answer): Result {
  if ('error' in answer) return answer.isInvalid ? 'invalid' : 'fails';
  const readings = answer.map(({ at, series }) => ({ at, series: series.map((one) => alertOf(alert, one)) }));
  const isAmbiguous = readings.some(({ series }) => new Set(series).size < series.length);
  return isAmbiguous ? 'fails' : [...firingAfter(readings, waitsOf(mutant))].sort();
}

function waitsOf({ for: wait, keepFiringFor }: Pick<Mutant, 'for' | 'keepFiringFor'> | Alert): Waits {
  return { wait: secondsOf(wait), keep: keepFiringFor === undefined ? 0 : secondsOf(keepFiringFor) };
}

function longer(one: Waits, other: Waits): Waits {
  return { wait: Math.max(one.wait, other.wait), keep: Math.max(one.keep, other.keep) };
}
