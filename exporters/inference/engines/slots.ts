import { isObject } from '../json-object.ts';
import { countOf, parseJson } from './json-answer.ts';

/**
 * Share of the KV cache that running requests use, by the answer of llama.cpp to GET /slots; undefined where the slots do not tell. Where
 * slots share one cache each of them claims the whole, so the share is then too low by their number.
 */
export function kvUsageOf(text: string): number | undefined {
  const answer = parseJson(text);
  if (!Array.isArray(answer)) return undefined;
  const slots = answer.filter(isObject);
  const capacity = slots.map(({ n_ctx }) => countOf(n_ctx));
  const size = sumOf(capacity);
  if (slots.length === 0 || size === undefined || size === 0) return undefined;
  const used = sumOf(slots.map((slot, index) => usedBy(slot, capacity[index] ?? 0)));
  return used === undefined ? undefined : used / size;
}

/** Tokens that a slot holds for its request. An idle one keeps those of its last request, but gives them up when they are in the way. */
function usedBy(slot: Readonly<Record<string, unknown>>, capacity: number): number | undefined {
  if (slot['is_processing'] !== true) return 0;
  const processed = countOf(slot['n_prompt_tokens_processed']);
  const cached = countOf(slot['n_prompt_tokens_cache']) ?? 0;
  const prompt = processed === undefined ? countOf(slot['n_prompt_tokens']) : processed + cached;
  const [next] = [slot['next_token']].flat();
  const decoded = isObject(next) ? countOf(next['n_decoded']) : undefined;
  if (prompt === undefined || decoded === undefined) return undefined;
  return Math.min(prompt + decoded, capacity);
}

function sumOf(counts: readonly (number | undefined)[]): number | undefined {
  let sum = 0;
  for (const count of counts) {
    if (count === undefined) return undefined;
    sum += count;
  }
  return sum;
}
