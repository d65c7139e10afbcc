import type { DependencyGraph } from './compile-graph.ts';

export const up = 0;
export const degraded = 1;
export const down = 2;

/** What follows from items being down. It can be told of more and more of them, and be cleared without walking over everything. */
export interface Failure {
  /** These are down from now on. What was down before stays so, and what follows is counted from here. */
  readonly fail: (indices: readonly number[]) => void;
  readonly clear: () => void;
  /** up, degraded or down, by item. */
  readonly stateOf: (index: number) => number;
  /** Steps from what was failed. */
  readonly distanceOf: (index: number) => number;
  /** Group through which the failure came; -1 for what was failed itself. */
  readonly groupOf: (index: number) => number;
  /** The item from which the failure came; -1 for what was failed itself. */
  readonly causeOf: (index: number) => number;
  /** What the last call of `fail` took down, itself first and the nearest next; and what it left limping. */
  readonly down: () => readonly number[];
  readonly degraded: () => readonly number[];
  /** Work since it was made: needs that were looked at. */
  readonly needsVisited: () => number;
}

export function createFailure(graph: DependencyGraph): Failure {
  const { items, groupOwner, groupStart, groupMinUp, groupCarries, usedStart, usedGroups, groupCount } = graph;
  const state = new Uint8Array(items.length);
  const [distance, cause, through] = [
    new Int32Array(items.length),
    new Int32Array(items.length),
    new Int32Array(items.length),
  ];
  const lost = new Int32Array(groupCount);
  let allDown: readonly number[] = [];
  let allDegraded: readonly number[] = [];
  let newlyDown: readonly number[] = [];
  let newlyDegraded: readonly number[] = [];
  let needsVisited = 0;

  const mark = (index: number, to: number, from: number, group: number): void => {
    state[index] = to;
    cause[index] = from;
    through[index] = group;
    distance[index] = from < 0 ? 0 : (distance[from] ?? 0) + 1;
  };
  /** One of the group is gone: takes its owner down if too few remain. */
  const lose = (group: number, failed: number, queue: number[]): void => {
    needsVisited++;
    const gone = (lost[group] ?? 0) + 1;
    lost[group] = gone;
    const owner = groupOwner[group] ?? 0;
    const remaining = (groupStart[group + 1] ?? 0) - (groupStart[group] ?? 0) - gone;
    if (state[owner] === down || remaining >= (groupMinUp[group] ?? 0)) return;
    mark(owner, down, failed, group);
    queue.push(owner);
  };
  const spreadDown = (queue: number[]): void => {
    for (let head = 0; head < queue.length; head++) {
      const failed = queue[head] ?? 0;
      const end = usedStart[failed + 1] ?? 0;
      for (let use = usedStart[failed] ?? 0; use < end; use++) lose(usedGroups[use] ?? 0, failed, queue);
    }
  };
  const limp = (queue: number[], from: number, isDown: boolean): void => {
    for (let use = usedStart[from] ?? 0; use < (usedStart[from + 1] ?? 0); use++) {
      needsVisited++;
      const group = usedGroups[use] ?? 0;
      const owner = groupOwner[group] ?? 0;
      if (state[owner] !== up || !(isDown || groupCarries[group] === 1)) continue;
      mark(owner, degraded, from, group);
      queue.push(owner);
    }
  };
  /** Both queues stand in the order of distances, so taking the nearer head makes every chain a shortest one. */
  const spreadDegraded = (failed: readonly number[], queue: number[]): void => {
    let limping = 0;
    for (const index of failed) {
      for (; isNearer(queue[limping], index); limping++) limp(queue, queue[limping] ?? 0, false);
      limp(queue, index, true);
    }
    for (; limping < queue.length; limping++) limp(queue, queue[limping] ?? 0, false);
  };
  const isNearer = (one: number | undefined, other: number): boolean =>
    one !== undefined && (distance[one] ?? 0) < (distance[other] ?? 0);
  return {
    fail: (indices) => {
      const failed = [...new Set(indices)].filter((index) => state[index] !== down).sort((a, b) => a - b);
      const limping: number[] = [];
      for (const index of failed) mark(index, down, -1, -1);
      spreadDown(failed);
      spreadDegraded(failed, limping);
      [newlyDown, newlyDegraded] = [failed, limping];
      allDown = allDown.concat(failed);
      allDegraded = allDegraded.concat(limping);
    },
    clear: () => {
      for (const index of allDegraded) state[index] = up;
      for (const index of allDown) {
        state[index] = up;
        for (let use = usedStart[index] ?? 0; use < (usedStart[index + 1] ?? 0); use++) lost[usedGroups[use] ?? 0] = 0;
      }
      [allDown, allDegraded, newlyDown, newlyDegraded] = [[], [], [], []];
    },
    stateOf: (index) => state[index] ?? up,
    distanceOf: (index) => distance[index] ?? 0,
    groupOf: (index) => through[index] ?? -1,
    causeOf: (index) => cause[index] ?? -1,
    down: () => newlyDown,
    degraded: () => newlyDegraded,
    needsVisited: () => needsVisited,
  };
}
