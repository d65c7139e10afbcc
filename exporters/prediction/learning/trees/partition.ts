import type { Workspace } from './workspace.ts';

export interface Cut {
  readonly column: number;
  /** The last bin that goes left. */
  readonly bin: number;
  readonly missingLeft: boolean;
}

/**
 * Puts the rows of a node that go left before those that go right, each in the order they were in. Tells where the right ones begin. `room` holds those
 * that go right while the others move up.
 */
export function partition(workspace: Workspace, room: Int32Array, cut: Cut, start: number, end: number): number {
  const { order, bins, rows } = workspace;
  const from = cut.column * rows;
  // Bin 0 is missing; seen from bin 1 it is 255, above all others.
  const lowest = cut.missingLeft ? 0 : 1;
  const span = cut.bin - lowest;
  let left = start;
  let right = 0;
  for (let place = start; place < end; place++) {
    const row = order[place] ?? 0;
    // Written to both sides and kept on one: without a branch, since nobody can guess which way a row goes.
    order[left] = row;
    room[right] = row;
    const goesLeft = ((((bins[from + row] ?? 0) - lowest) & 255) - span - 1) >>> 31;
    left += goesLeft;
    right += 1 - goesLeft;
  }
  order.set(room.subarray(0, right), left);
  return left;
}
