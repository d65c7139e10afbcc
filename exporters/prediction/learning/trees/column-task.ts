import { binColumn } from '../binning/bin-column.ts';
import { fillHistogram, histogramAt, subtractHistogram } from './histogram.ts';
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
  return {
    run: (columns, task) => {
      for (let at = 0; at < columns; at++) workOnColumn(workspace, task, workspace.active[at] ?? 0);
    },
  };
}

export function workOnColumn(workspace: Workspace, task: ColumnTask, column: number): void {
  switch (task.kind) {
    case 'bin':
      binColumn(workspace, column);
      break;
    case 'node':
      workOnNode(workspace, task.node, column);
      break;
    case 'children':
      workOnNode(workspace, task.smaller, column);
      workOnLarger(workspace, task.smaller, task.larger, column);
      break;
  }
}

function workOnNode(workspace: Workspace, node: TaskNode, column: number): void {
  const at = histogramAt(workspace.columns, node.slot, column);
  fillHistogram(workspace, at, column, node.start, node.end);
  scanColumn(workspace, at, column, node, column * foundLanes);
}

function workOnLarger(workspace: Workspace, smaller: TaskNode, larger: TaskNode, column: number): void {
  const { columns, histograms } = workspace;
  const at = histogramAt(columns, larger.slot, column);
  subtractHistogram(histograms, at, histogramAt(columns, smaller.slot, column));
  scanColumn(workspace, at, column, larger, (columns + column) * foundLanes);
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
  return { slot, start, end, rows: end - start, gradient, hessian, low, high };
}
