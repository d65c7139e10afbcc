import { table } from '../../../rules/render/markdown.ts';
import { essentialKinds, type Kind, kinds } from './edit.ts';
import { inWords, scoresBy } from './score.ts';
import type { Verdict } from './verdicts.ts';

/** Scores as Markdown: the essential kinds and the others, by what `nameOf` calls a verdict, and then each kind. */
export function scoreTables(verdicts: readonly Verdict[], head: string, nameOf: (verdict: Verdict) => string): string {
  const isEssential = ({ mutant }: Verdict) => essentialKinds.includes(mutant.kind);
  const essential = verdicts.filter(isEssential);
  const others = verdicts.filter((verdict) => !isEssential(verdict));
  const rows = (groupOf: (verdict: Verdict) => string) => {
    const [first, second] = [scoresBy(essential, groupOf), scoresBy(others, groupOf)];
    const names = [...new Set([...first.keys(), ...second.keys()])];
    return names.map((name) => [name, words(first.get(name)), words(second.get(name))]);
  };
  const byKind = scoresBy(verdicts, ({ mutant }) => mutant.kind);
  const kindRows = kinds.map((kind: Kind) => [kind, words(byKind.get(kind))]).filter(([, score]) => score !== '');
  return [
    table([head, 'Threshold, label, comparison', 'All other kinds'], [...rows(() => '**all**'), ...rows(nameOf)]),
    table(['Kind', 'Noticed'], kindRows),
  ].join('\n\n');
}

function words(score: Parameters<typeof inWords>[0] | undefined): string {
  return score === undefined ? '' : inWords(score);
}
