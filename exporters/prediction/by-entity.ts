import { type Entity, keyOfEntity } from './entity.ts';

/** What each entity has, by its key, in the order of the list. */
export function byEntity<T extends { readonly entity: Entity }>(items: Iterable<T>): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOfEntity(item.entity);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}
