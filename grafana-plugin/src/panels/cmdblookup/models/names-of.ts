import type { ItemRef } from '../answers/item-ref';
import type { Relations } from '../answers/relations';

/** Names of the item and of what it is connected with, by number: changes tell numbers only. */
export function namesOf({ id, name }: ItemRef, relations: Relations | undefined): ReadonlyMap<number, string> {
  const others = [...(relations?.outgoing ?? []), ...(relations?.incoming ?? [])].map(({ other }) => other);
  return new Map([...others.map((other) => [other.id, other.name] as const), [id, name]]);
}
