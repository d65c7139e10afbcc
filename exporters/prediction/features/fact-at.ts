import { firstAfter } from '../ascending.ts';
import type { FactSamples } from './fleet-samples.ts';

/** What was known at a moment; undefined where nothing was, or only something too old. */
export function factAt(fact: FactSamples | undefined, atMs: number): string | undefined {
  if (fact === undefined) return undefined;
  const at = firstAfter(fact.timesMs, atMs) - 1;
  const time = fact.timesMs[at];
  if (time === undefined || atMs - time > fact.validMs) return undefined;
  const value = fact.values[at];
  return value === '' ? undefined : value;
}
