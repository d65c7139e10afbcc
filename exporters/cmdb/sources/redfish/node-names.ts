import type { Station } from './station.ts';

/**
 * One name for each controller. What the configuration says comes first; a name that a server gives itself counts only if no other has it,
 * since two series must not be the same.
 */
export function nodeNames(stations: readonly Station[]): ReadonlyMap<string, Station> {
  const named = new Map<string, Station>();
  const told = new Map<string, number>();
  for (const station of stations) {
    const { node } = station.target;
    if (node !== undefined) named.set(node, station);
    const own = station.toldNode();
    if (own !== undefined) told.set(own, (told.get(own) ?? 0) + 1);
  }
  for (const station of stations) {
    if (station.target.node !== undefined) continue;
    const own = station.toldNode();
    const isAlone = own !== undefined && told.get(own) === 1 && !/^localhost/i.test(own);
    named.set(isAlone ? own : station.target.name, station);
  }
  return named;
}
