import type { Variation } from './variations.ts';

/** Variations of examples that pin down how close a threshold is, by the alert: each was chosen because it tells a mutant from the alert. */
export const variations: Readonly<Record<string, readonly Variation[]>> = {};
