import { SourceError } from '../../../kit/errors.ts';

/** Throws SourceError. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new SourceError('answered with something that is no JSON', { cause });
  }
}

/** A number of things or bytes; undefined for anything else. */
export function countOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined;
}
