import type { ClassImpact } from '../answers/impact';

/** Rows that are shown at once, and added with each "show more". */
export const visibleRows = 100;

/** What the list shows: what was chosen while it is affected; else jobs and services, which people ask about first. */
export function listedClass(classes: readonly ClassImpact[], chosen: string | undefined): string | undefined {
  const has = (wanted: string | undefined): boolean => classes.some((each) => each.class === wanted);
  if (chosen !== undefined && has(chosen)) return chosen;
  if (has('application')) return 'application';
  return classes[0]?.class;
}

/** How many the inventory is asked for: few questions, and no long answer for a short list. The inventory lists 10,000 at most. */
export function nextLimit(rows: number): number {
  return rows <= 100 ? 101 : rows <= 1000 ? 1000 : 10_000;
}
