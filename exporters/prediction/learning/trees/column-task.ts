import { binColumn } from '../binning/bin-column.ts';
import { fillHistogram, fillHistograms, histogramAt, subtractHistogram } from './histogram.ts';
import { type NodeTotals, scanColumn } from './scan-column.ts';
import { foundLanes, type Workspace } from './workspace.ts';

/**
 * What is to be done with every active column. Each column is worked on by itself, so threads that share the workspace may divide the columns among them
 * in any way and the result is the same.
 */
export type ColumnTask =
  | { readonly kind: 'bin' }
  /** Makes the histogram of a node from its rows and looks for its best split. */
  | { readonly kind: 'node'; readonly node: TaskNode }
  /** The same for the smaller of two children, and by subtraction from what `larger.slot` holds of the parent for the larger one. */
  | { readonly kind: 'children'; readonly smaller: TaskNode; readonly larger: TaskNode };

export interface TaskNode extends NodeTotals {
  readonly slot: number;
  /** Its place in the order of rows. */
  readonly start: number;
  readonly end: number;
}

const kinds = ['bin', 'node', 'children'] as const;
const nodeLanes = 7;

/** Does one task for all columns that are active in the workspace. */
export interface Crew {
  readonly run: (columns: number, task: ColumnTask) => void;
}

/** All columns one after the other, in this thread. */
export function soloCrew(workspace: Workspace): Crew {
  return { run: (columns, task) => workOnColumns(workspace, task, 0, columns) };
}

/** Does the task for the active columns from one place among them up to another. */
export function workOnColumns(workspace: Workspace, task: ColumnTask, from: number, to: number): void {
  switch (task.kind) {
    case 'bin':
      for (let at = from; at < to; at++) binColumn(workspace, workspace.active[at] ?? 0);
      break;
    case 'node':
      workOnNode(workspace, task.node, from, to);
      break;
    case 'children':
      workOnNode(workspace, task.smaller, from, to);
      workOnLarger(workspace, task.smaller, task.larger, from, to);
      break;
  }
}

function workOnNode(workspace: Workspace, node: TaskNode, from: number, to: number): void {
  const { active, columns } = workspace;
  const { start, end } = node;
  const placeOf = (at: number) => ({ at: histogramAt(columns, node.slot, active[at] ?? 0), column: active[at] ?? 0 });
  for (let at = from; at < to; at += 2) {
    if (at + 1 < to) fillHistograms(workspace, placeOf(at), placeOf(at + 1), start, end);
    else fillHistogram(workspace, placeOf(at), start, end);
  }
  for (let at = from; at < to; at++) {
    const place = placeOf(at);
    scanColumn(workspace, place, node, place.column * foundLanes);
  }
}

function workOnLarger(workspace: Workspace, smaller: TaskNode, larger: TaskNode, from: number, to: number): void {
  const { columns, histograms, active } = workspace;
  for (let place = from; place < to; place++) {
    const column = active[place] ?? 0;
    const at = histogramAt(columns, larger.slot, column);
    subtractHistogram(histograms, at, histogramAt(columns, smaller.slot, column));
    scanColumn(workspace, { at, column }, larger, (columns + column) * foundLanes);
  }
}

/** Where other threads can read it. */
export function writeTask(task: ColumnTask, to: Float64Array): void {
  to[0] = kinds.indexOf(task.kind);
  if (task.kind === 'node') writeNode(task.node, to, 1);
  if (task.kind !== 'children') return;
  writeNode(task.smaller, to, 1);
  writeNode(task.larger, to, 1 + nodeLanes);
}

export function readTask(from: Float64Array): ColumnTask {
  const kind = kinds[from[0] ?? 0] ?? 'bin';
  switch (kind) {
    case 'bin':
      return { kind };
    case 'node':
      return { kind, node: readNode(from, 1) };
    case 'children':
      return { kind, smaller: readNode(from, 1), larger: readNode(from, 1 + nodeLanes) };
  }
}

function writeNode(node: TaskNode, to: Float64Array, at: number): void {
  to.set([node.slot, node.start, node.end, node.gradient, node.hessian, node.low, node.high], at);
}

function readNode(from: Float64Array, at: number): TaskNode {
  const [slot = 0, start = 0, end = 0, gradient = 0, hessian = 0, low = 0, high = 0] = from.subarray(
    at,
    at + nodeLanes,
  );
  // Whole numbers again: a loop from a float to a float takes half as long again.
  return { slot: slot | 0, start: start | 0, end: end | 0, rows: (end - start) | 0, gradient, hessian, low, high };
}
