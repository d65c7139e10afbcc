import type { Attributes, AttributeValue } from '../model/item.ts';
import { identityKindsOf } from '../model/item-class.ts';
import type { ObservedItem } from '../observation.ts';
import type { Finding } from './finding.ts';

const maxAttributes = 200;
const maxText = 2000;
const maxListed = 200;
const maxName = 300;
const maxRelations = 20_000;
const attributeName = /^[a-z][a-z0-9_]{0,62}$/;

/** Checks the attributes of an item against what the configuration wants; the names of those that are wrong, with the reason. */
export type AttributeCheck = (item: ObservedItem) => readonly { readonly attribute: string; readonly reason: string }[];

/** Leaves out what cannot be stored or shown, and says so. An item without any usable identity is left out as a whole. */
export function sanitized(
  item: ObservedItem,
  check: AttributeCheck,
): { readonly item: ObservedItem | undefined; readonly findings: readonly Finding[] } {
  const kinds: readonly string[] = identityKindsOf(item.class);
  const identities = item.identities.filter(({ kind }) => kinds.includes(kind));
  const subject = `${item.class} ${clean(item.name ?? item.key, maxName)}`;
  if (identities.length === 0) {
    const reason = `it has no identity that a ${item.class} is known by: ${kinds.join(', ')}`;
    return { item: undefined, findings: [{ kind: 'invalid', subject, reason }] };
  }
  const wrong = new Map(check(item).map(({ attribute, reason }) => [attribute, reason]));
  const dropped: string[] = [];
  const attributes: Record<string, AttributeValue> = {};
  for (const [name, value] of Object.entries(item.attributes)) {
    const problem = attributeProblem(name, value, Object.keys(attributes).length) ?? wrong.get(name);
    if (problem === undefined) attributes[name] = bounded(value);
    else dropped.push(`${clean(name, 70)}: ${problem}`);
  }
  const relations = item.relations.slice(0, maxRelations);
  if (relations.length < item.relations.length) dropped.push(`relations: more than ${maxRelations}`);
  const findings: readonly Finding[] =
    dropped.length === 0 ? [] : [{ kind: 'invalid', subject, reason: `left out: ${dropped.slice(0, 10).join('; ')}` }];
  const name = item.name === undefined ? undefined : clean(item.name, maxName);
  return { item: { ...item, name: name === '' ? undefined : name, identities, attributes, relations }, findings };
}

/** Attributes with what is not a value left out, as people and files send them. */
export function usableAttributes(attributes: Attributes): Attributes {
  return Object.fromEntries(
    Object.entries(attributes)
      .filter(([name, value]) => attributeProblem(name, value, 0) === undefined)
      .map(([name, value]) => [name, bounded(value)]),
  );
}

/** Why an attribute cannot be stored; undefined if it can. */
export function attributeProblem(name: string, value: AttributeValue, count: number): string | undefined {
  if (count >= maxAttributes) return `more than ${maxAttributes} attributes`;
  if (!attributeName.test(name))
    return 'a name has lower-case letters, digits and _, at most 63, and begins with a letter';
  if (typeof value === 'number' && !Number.isFinite(value)) return 'no finite number';
  return undefined;
}

function bounded(value: AttributeValue): AttributeValue {
  if (typeof value === 'string') return clean(value, maxText);
  if (typeof value === 'object') return value.slice(0, maxListed).map((each) => clean(each, maxText));
  return value;
}

/** Without control characters and halves of characters, which neither JSON of PostgreSQL nor a terminal takes. */
export function clean(text: string, maxCharacters: number): string {
  return text
    .slice(0, maxCharacters * 2)
    .replaceAll(/\p{Cc}+/gu, ' ')
    .trim()
    .slice(0, maxCharacters)
    .replaceAll(/\p{Cs}/gu, '\uFFFD');
}
