import type { SingleThreshold } from './single-threshold.ts';

/** What another threshold would have done to an alert, by asking its expression again. */
export interface ThresholdSuggestion {
  readonly alert: string;
  readonly severity: string;
  readonly threshold: string;
  readonly unit: string;
  readonly from: number;
  readonly to: number;
  /** With the number as it is: what the replay finds, which may differ from what was recorded. */
  readonly firings: number;
  readonly firingsThen: number;
}

/** Numbers to try, from the one that is set to ever rarer ones. Those of a ratio stay between 0 and 1, and those of a count are whole. */
export function numbersToTry({ value, unit, isBelow }: SingleThreshold): readonly number[] {
  const steps = [0, 0.05, 0.1, 0.2, 0.3, 0.5, 0.75] as const;
  if (value === 0) return [0, 1, 2, 3, 5, 10, 20];
  if (unit === 'ratio' && value < 1 && !isBelow) return steps.map((step) => tidy(value + (1 - value) * step));
  const numbers = isBelow
    ? steps.map((step) => value * (1 - step))
    : [...steps, 1, 2, 4].map((step) => value * (1 + step));
  const round = isBelow ? Math.floor : Math.ceil;
  return [...new Set(numbers.map(Number.isInteger(value) ? round : tidy))];
}

/** The first number that lets at most so many firings through; undefined if the present one does, or none does. */
export function suggestThreshold(
  rule: { readonly alert: string; readonly severity: string },
  threshold: SingleThreshold,
  replayed: { readonly tried: readonly number[]; readonly firings: readonly number[]; readonly atMost: number },
): ThresholdSuggestion | undefined {
  const { tried, firings, atMost } = replayed;
  const index = firings.findIndex((count) => count <= atMost);
  const to = tried[index];
  if (index <= 0 || to === undefined) return undefined;
  return {
    alert: rule.alert,
    severity: rule.severity,
    threshold: threshold.name,
    unit: threshold.unit,
    from: threshold.value,
    to,
    firings: firings[0] ?? 0,
    firingsThen: firings[index] ?? 0,
  };
}

function tidy(value: number): number {
  return Number(value.toPrecision(3));
}
