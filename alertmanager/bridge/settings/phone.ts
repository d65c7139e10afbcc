import { entriesOf, invalid, listOf, oneOf, type Place, textOf, wholeOf } from '../../../kit/config-values.ts';
import { shortenedTo } from '../letter/clean-text.ts';
import type { Message } from '../message.ts';
import { fieldsOfMessage, type MessageField, messageFields } from '../texts/message-fields.ts';

/** One request is made for each number, so that each has an answer of its own. */
const mostNumbers = 20;
const mostParameters = 20;

export function phoneNumbers(place: Place): readonly string[] {
  const numbers = listOf(place, mostNumbers).map(phoneNumber);
  if (numbers.length === 0) throw invalid(place, 'a list with at least one telephone number');
  return numbers;
}

function phoneNumber(place: Place): string {
  if (typeof place.value === 'string' && /^\+?\d{5,16}$/.test(place.value)) return place.value;
  throw invalid(
    place,
    'a telephone number in quotes, only digits with perhaps a + before them, such as "+8613800000000"',
  );
}

/** Which field of a message each variable of a template shows. */
export function namedParameters(place: Place): Readonly<Record<string, MessageField>> {
  const entries = entriesOf(place, mostParameters);
  return Object.fromEntries(
    entries.map(([name, value]) => [name, oneOf({ value, where: `${place.where}.${name}` }, messageFields)]),
  );
}

export function listedParameters(place: Place): readonly MessageField[] {
  return listOf(place, mostParameters).map((item) => oneOf(item, messageFields));
}

export function parameterCharacters(place: Place): number {
  return wholeOf(place, { min: 4, max: 500 });
}

export const defaultPlayTimes = 2;

export function playTimes(place: Place): number {
  return wholeOf(place, { min: 1, max: 3 });
}

/** A code or a name that a maker gives out: a template, a signature, an application, a region. */
export function givenName(place: Place): string {
  if (typeof place.value === 'number') throw invalid(place, 'in quotes', '; a long number would lose digits');
  return textOf(place);
}

/** Values for a template. An empty variable is refused by the makers, and brackets in one look like a signature. */
export function templateValues(
  message: Message,
  { characters, timeZone }: { readonly characters: number; readonly timeZone?: string | undefined },
): (field: MessageField) => string {
  const fields = fieldsOfMessage(message, timeZone);
  return (field) => shortenedTo(fields[field].replaceAll('【', '(').replaceAll('】', ')'), characters) || '-';
}
