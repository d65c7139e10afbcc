import { fieldsOf, invalid, optional, type Place, textOf } from '../../../../kit/config-values.ts';
import { reasonOf, SourceError } from '../../../../kit/errors.ts';

/** Ids of the set in use and the one before. */
export interface ActiveSets {
  readonly current?: string | undefined;
  readonly previous?: string | undefined;
}

export function writeActive({ current, previous }: ActiveSets): string {
  return `${JSON.stringify({ current, previous })}\n`;
}

/** Throws SourceError for what is none. */
export function readActive(text: string, where: string): ActiveSets {
  try {
    const field = fieldsOf({ value: JSON.parse(text) as unknown, where }, ['current', 'previous']);
    return { current: optional(field('current'), idOf), previous: optional(field('previous'), idOf) };
  } catch (error) {
    throw new SourceError(`${where} does not name the models in use (${reasonOf(error)}); remove it and train anew`, {
      cause: error,
    });
  }
}

/** It becomes part of the name of a file. */
function idOf(place: Place): string {
  const text = textOf(place);
  if (/^[0-9a-f-]{1,40}$/.test(text)) return text;
  throw invalid(place, 'an id of models');
}
