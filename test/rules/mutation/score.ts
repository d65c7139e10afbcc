import type { Outcome, Verdict } from './verdicts.ts';

export interface Score {
  readonly killed: number;
  readonly survived: number;
  readonly equivalent: number;
}

/** How many mutants were noticed, by a name for each verdict; those that Prometheus does not load do not count. */
export function scoresBy(
  verdicts: readonly Verdict[],
  nameOf: (verdict: Verdict) => string,
): ReadonlyMap<string, Score> {
  const scores = new Map<string, Score>();
  for (const verdict of verdicts) {
    const name = nameOf(verdict);
    const score = scores.get(name) ?? { killed: 0, survived: 0, equivalent: 0 };
    scores.set(name, plus(score, verdict.outcome));
  }
  return scores;
}

function plus(score: Score, outcome: Outcome): Score {
  return outcome === 'invalid' ? score : { ...score, [outcome]: score[outcome] + 1 };
}

/** Killed of those that can be: `1,234 of 1,300 (94.9 %)`. */
export function inWords({ killed, survived, equivalent }: Score): string {
  const all = killed + survived;
  const share = all === 0 ? '' : ` (${((100 * killed) / all).toFixed(1)} %)`;
  return `${killed} of ${all}${share}${equivalent === 0 ? '' : `, ${equivalent} equivalent`}`;
}
