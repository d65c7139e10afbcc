import type { Silence, SilenceMatcher } from '../../../kit/alertmanager/silence.ts';
import type { Labels } from './link.ts';

/** Matches every alert that has all of the labels with exactly these values. */
export function matchersOf(labels: Labels): readonly SilenceMatcher[] {
  return Object.entries(labels).map(([name, value]) => ({ name, value, isRegex: false, isEqual: true }));
}

/** The active silence for exactly these labels. */
export function silenceOf(labels: Labels, silences: readonly Silence[]): Silence | undefined {
  const wanted = keyOf(matchersOf(labels));
  return silences.find(({ state, matchers }) => state === 'active' && keyOf(matchers) === wanted);
}

function keyOf(matchers: readonly SilenceMatcher[]): string {
  return JSON.stringify(matchers.map(({ name, value, isRegex, isEqual }) => [name, value, isRegex, isEqual]).sort());
}
