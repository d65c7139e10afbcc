import type { Entity } from '../../entity.ts';

/** Finds who a ticket is about: the UUID of a GPU, the name of a node, or `cluster/node` where two clusters have a node of that name. */
export function createEntityFinder(entities: readonly Entity[]): (name: string) => Entity | string {
  const byName = new Map<string, Entity[]>();
  const add = (name: string, entity: Entity): void => {
    const own = byName.get(name);
    if (own === undefined) byName.set(name, [entity]);
    else own.push(entity);
  };
  for (const entity of entities) {
    if (entity.kind === 'gpu') add(entity.uuid, entity);
    else {
      add(entity.node, entity);
      add(`${entity.cluster}/${entity.node}`, entity);
    }
  }
  return (name) => {
    const [found, other] = byName.get(name) ?? [];
    if (found === undefined) return 'which is no UUID of a GPU and no name of a node that is known';
    if (other !== undefined) return 'a name that more than one cluster has; write cluster/node';
    return found;
  };
}
