import type { Contract } from './contract.ts';
import { always, holdsAt } from './read-values.ts';

/** Which of the terms that have a validity of their own hold at a time; two times with the same key have the same terms. */
export function termsKey({ discounts, free, commitments, credits }: Contract, atMs: number): string {
  return [...discounts, ...free, ...commitments, ...credits]
    .filter(({ validity }) => validity.fromMs !== always.fromMs || validity.untilMs !== always.untilMs)
    .filter(({ validity }) => holdsAt(validity, atMs))
    .map(({ id }) => id.replace(/^[^.]*\./, ''))
    .join('+');
}
