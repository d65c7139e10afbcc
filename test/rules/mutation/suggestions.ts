import type { Alert } from '../../../rules/alert.ts';
import type { RuleFolder } from '../rule-files.ts';
import { situationOf, type Variation } from '../variations.ts';
import { type Candidate, stages } from './candidates.ts';
import { type Mutant, unchanged } from './mutants.ts';
import { isAsExpected, type Result, resultsOf, type Trial } from './trials.ts';

/** Variations that tell mutants from their alert, and the mutants that none tells. */
export interface Suggestion {
  readonly variations: readonly Variation[];
  readonly left: readonly Mutant[];
}

const batch = 100;
const mostCandidates = 1000;

interface Tried {
  readonly variation: Variation;
  readonly kills: ReadonlySet<Mutant>;
}

/** Tries the candidates of each stage against what the stages before left, and takes those that tell most. */
export function suggestionFor(folder: RuleFolder, alert: Alert, mutants: readonly Mutant[]): Suggestion {
  let suggestion: Suggestion = { variations: [], left: mutants };
  for (const candidatesOf of stages) {
    const { variations, left } = suggestion;
    if (left.length === 0) break;
    const candidates = candidatesOf(alert, left).slice(0, mostCandidates);
    const batches = Array.from({ length: Math.ceil(candidates.length / batch) }, (_, number) =>
      tried(folder, alert, left, candidates.slice(number * batch, (number + 1) * batch)),
    );
    const found = best(batches.flat(), left);
    suggestion = { variations: [...variations, ...found.variations], left: found.left };
  }
  return suggestion;
}

function tried(
  folder: RuleFolder,
  alert: Alert,
  mutants: readonly Mutant[],
  candidates: readonly Candidate[],
): readonly Tried[] {
  const all = [unchanged(alert), ...mutants];
  const sets = candidates.map((candidate) => {
    const situation = situationOf(alert, { ...candidate, outcome: 'fires' });
    return all.map((mutant): Trial => ({ alert, mutant, situation }));
  });
  const results = resultsOf(folder, sets.flat());
  return candidates.flatMap((candidate, index) => {
    const [own, ...others] = results.slice(index * all.length, (index + 1) * all.length);
    const outcome = outcomeOf(sets[index]?.[0], own);
    if (outcome === undefined) return [];
    const kills = mutants.filter((_, position) => String(others[position]) !== String(own));
    return [{ variation: { ...candidate, outcome }, kills: new Set(kills) }];
  });
}

/** Undefined where something else fires than in the firing example. */
function outcomeOf(trial: Trial | undefined, result: Result | undefined): Variation['outcome'] | undefined {
  if (trial === undefined || result === undefined || typeof result === 'string') return undefined;
  if (result.length === 0) return 'quiet';
  return isAsExpected(trial, result) ? 'fires' : undefined;
}

function best(all: readonly Tried[], mutants: readonly Mutant[]): Suggestion {
  const variations: Variation[] = [];
  let left = mutants;
  for (;;) {
    const counts = all.map(({ kills }) => left.filter((mutant) => kills.has(mutant)).length);
    const most = Math.max(0, ...counts);
    const chosen = all[counts.indexOf(most)];
    if (most === 0 || chosen === undefined) return { variations, left };
    variations.push(chosen.variation);
    left = left.filter((mutant) => !chosen.kills.has(mutant));
  }
}
