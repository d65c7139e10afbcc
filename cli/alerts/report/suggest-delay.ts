import type { RuleFigures } from './rule-figures.ts';

/** What a longer wait would have done to a rule, counted on the firings that were seen. */
export interface DelaySuggestion {
  readonly kind: 'for' | 'keep_firing_for';
  readonly alert: string;
  readonly severity: string;
  readonly fromSeconds: number;
  readonly toSeconds: number;
  readonly firings: number;
  /** Those that would not have been, or would have been one with the firing before. */
  readonly fewer: number;
  /** For `for` alone: every firing that is left is told so much later. */
  readonly laterSeconds: number;
}

export interface CurrentDelays {
  readonly forSeconds: number;
  readonly keepFiringForSeconds: number;
}

const candidates = [60, 120, 300, 600, 900, 1800, 3600] as const;
/** Fewer firings say nothing about a rule. */
const leastFirings = 5;
/** A change is worth its delay only if it takes away that share. */
const leastShare = 0.5;

/**
 * The shortest extension that takes away half of the firings, of the two kinds the one that takes away more. Firings that a rule keeps for a while
 * after their condition is over are counted by how long the condition held.
 */
export function suggestDelay(
  { alert, severity, firings, durations, pauses }: RuleFigures,
  { forSeconds, keepFiringForSeconds }: CurrentDelays,
): DelaySuggestion | undefined {
  if (firings < leastFirings) return undefined;
  const held = durations.map((seconds) => Math.max(0, seconds - keepFiringForSeconds));
  const longer = candidates.flatMap((seconds): readonly DelaySuggestion[] => {
    const of = { alert, severity, firings };
    const fewerByFor = countUpTo(held, seconds);
    const fewerByKeep = countUpTo(pauses, seconds);
    return [
      {
        ...of,
        kind: 'keep_firing_for',
        fromSeconds: keepFiringForSeconds,
        toSeconds: keepFiringForSeconds + seconds,
        fewer: fewerByKeep,
        laterSeconds: 0,
      },
      {
        ...of,
        kind: 'for',
        fromSeconds: forSeconds,
        toSeconds: forSeconds + seconds,
        fewer: fewerByFor,
        laterSeconds: seconds,
      },
    ];
  });
  const enough = longer.filter(({ fewer }) => fewer >= leastShare * firings);
  const [first] = enough;
  if (first === undefined) return undefined;
  const extension = first.toSeconds - first.fromSeconds;
  const sameLength = enough.filter(({ fromSeconds, toSeconds }) => toSeconds - fromSeconds === extension);
  return sameLength.reduce((best, each) => (each.fewer > best.fewer ? each : best));
}

function countUpTo(values: readonly number[], limit: number): number {
  return values.filter((value) => value <= limit).length;
}
