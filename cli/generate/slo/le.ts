import type { Place } from '../../../kit/config-values.ts';
import { ConfigError } from '../../../kit/errors.ts';
import { readPromql } from './promql-text.ts';

/**
 * Client libraries write the bound of a bucket in two ways, "1" and "1.0", and a library that is upgraded goes from one to the other: the
 * selector finds both. Throws ConfigError if it names no single bound.
 */
export function normalisedLe({ where }: Place, selector: string): string {
  const matcher = readPromql(selector).matchers?.find((each) => /^le\s*(?:=|!)/.test(each));
  if (matcher === undefined)
    throw new ConfigError(`${where} names no bucket: add le="…" with a bound that the histogram has, got ${selector}`);
  const bound = Number(/^le\s*=\s*["']([^"']+)["']$/.exec(matcher)?.[1] ?? Number.NaN);
  if (!(Number.isFinite(bound) && bound > 0)) {
    throw new ConfigError(`${where} must name one bound above 0, such as le="0.5", got ${matcher}`);
  }
  return selector.replace(matcher, matcherOf(bound));
}

function matcherOf(bound: number): string {
  const text = String(bound);
  return Number.isInteger(bound) ? `le=~"${text}|${text}\\\\.0"` : `le="${text}"`;
}
