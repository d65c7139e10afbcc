import type { Workspace } from './workspace.ts';

/** Room for the rows that go right while the others move up. */
export interface PartitionRoom {
  readonly order: Int32Array;
  readonly gradients: Float64Array;
  readonly hessians: Float64Array;
}

export function createPartitionRoom(rows: number): PartitionRoom {
  return { order: new Int32Array(rows), gradients: new Float64Array(rows), hessians: new Float64Array(rows) };
}

export interface Cut {
  readonly column: number;
  /** The last bin that goes left. */
  readonly bin: number;
  readonly missingLeft: boolean;
}

/** Puts the rows of a node that go left before those that go right, each in the order they were in. Tells where the right ones begin. */
export function partition(workspace: Workspace, room: PartitionRoom, cut: Cut, start: number, end: number): number {
  const { order, gradients, hessians, bins, rows } = workspace;
  const from = cut.column * rows;
  // Bin 0 is missing; seen from bin 1 it is 255, above all others.
  const lowest = cut.missingLeft ? 0 : 1;
  const span = cut.bin - lowest;
  let left = start;
  let right = 0;
  for (let place = start; place < end; place++) {
    const row = order[place] ?? 0;
    const gradient = gradients[place] ?? 0;
    const hessian = hessians[place] ?? 0;
    // Written to both sides and kept on one: without a branch, since nobody can guess which way a row goes.
    order[left] = row;
    gradients[left] = gradient;
    hessians[left] = hessian;
    room.order[right] = row;
    room.gradients[right] = gradient;
    room.hessians[right] = hessian;
    const goesLeft = ((((bins[from + row] ?? 0) - lowest) & 255) - span - 1) >>> 31;
    left += goesLeft;
    right += 1 - goesLeft;
  }
  order.set(room.order.subarray(0, right), left);
  gradients.set(room.gradients.subarray(0, right), left);
  hessians.set(room.hessians.subarray(0, right), left);
  return left;
}
