import type { Duration } from '../metrics/promql.ts';
import { type Domain, domains } from '../rules/alert.ts';
import { fieldsOf, nonEmptyListOf, oneOf, optional, positiveDuration, required } from './checks.ts';

const digestSeverities = ['warning', 'info'] as const;

/** Alerts of a domain that are told now and then, all that fire in one message. */
export interface Digest {
  readonly every: Duration['duration'];
  /** Both unless written. */
  readonly severities?: readonly (typeof digestSeverities)[number][];
}

export type Digests = { readonly [D in Domain]?: Digest };

export function parseDigests(value: unknown, path: string): Digests {
  const fields = fieldsOf(value, path, domains);
  return Object.assign({}, ...domains.map((domain) => optional(fields, domain, parseDigest)));
}

function parseDigest(value: unknown, path: string): Digest {
  const fields = fieldsOf(value, path, ['every', 'severities']);
  return {
    every: required(fields, 'every', positiveDuration),
    ...optional(fields, 'severities', nonEmptyListOf(oneOf(digestSeverities))),
  };
}
