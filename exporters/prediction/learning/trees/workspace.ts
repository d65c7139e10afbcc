import { maxEdges } from '../binning/column-edges.ts';
import type { Matrix } from '../matrix.ts';
import type { Monotone } from '../settings.ts';

/** Of each bin: sum of gradients, sum of hessians, rows. */
export const lanes = 3;
export const lanesOfColumn = 256 * lanes;

/**
 * What is found for one column of one node: gain (0 for none), last bin that goes left, whether missing goes left, and what goes left. The rest keeps
 * columns of different threads on different cache lines.
 */
export const foundLanes = 16;

/** A larger one is not kept for the subtraction; the histograms of each node are made from its rows. */
const maxHistogramBytes = 256 * 2 ** 20;

/** When a split is allowed. */
export interface SplitRules {
  readonly l2: number;
  readonly minRows: number;
  readonly minHessian: number;
  readonly leafClip: number;
}

/** All that the columns of a tree are worked on with. Made of typed arrays only, so that several threads can share it. */
export interface Workspace extends Matrix {
  readonly rules: SplitRules;
  /** Rows that edges are found from. */
  readonly sample: Int32Array;
  /** By column, room for `maxEdges` each. */
  readonly edges: Float64Array;
  readonly edgeCounts: Int32Array;
  /** Column by column. */
  readonly bins: Uint8Array;
  /** Rows of the tree, those of a node side by side and ascending. */
  readonly order: Int32Array;
  /** By row. */
  readonly gradients: Float64Array;
  readonly hessians: Float64Array;
  readonly slots: number;
  /** By slot and column; each column has 256 bins of 3 lanes. */
  readonly histograms: Float64Array;
  readonly monotone: Int8Array;
  /** The columns of the task, and what to do with each: see column-task.ts. */
  readonly active: Int32Array;
  readonly task: Float64Array;
  /** Best splits by column, of the first node of the task, then of the second. */
  readonly found: Float64Array;
}

export interface WorkspaceOptions {
  readonly rules: SplitRules;
  readonly monotone: readonly Monotone[];
  /** Histograms that are needed at the same time. */
  readonly slots: number;
  readonly sample: Int32Array;
  /** Memory that threads can share, or not. */
  readonly allocate: (bytes: number) => ArrayBuffer | SharedArrayBuffer;
}

const taskLanes = 16;

export function createWorkspace({ rows, columns, values }: Matrix, options: WorkspaceOptions): Workspace {
  const { rules, allocate } = options;
  const bytesOfSlot = columns * lanesOfColumn * 8;
  const slots = options.slots * bytesOfSlot > maxHistogramBytes ? 1 : options.slots;
  const sample = new Int32Array(allocate(options.sample.byteLength));
  sample.set(options.sample);
  const monotone = new Int8Array(allocate(columns));
  monotone.set(options.monotone);
  return {
    rows,
    columns,
    values,
    rules,
    sample,
    edges: new Float64Array(allocate(columns * maxEdges * 8)),
    edgeCounts: new Int32Array(allocate(columns * 4)),
    bins: new Uint8Array(allocate(columns * rows)),
    order: new Int32Array(allocate(rows * 4)),
    gradients: new Float64Array(allocate(rows * 8)),
    hessians: new Float64Array(allocate(rows * 8)),
    slots,
    histograms: new Float64Array(allocate(slots * bytesOfSlot)),
    monotone,
    active: new Int32Array(allocate(columns * 4)),
    task: new Float64Array(allocate(taskLanes * 8)),
    found: new Float64Array(allocate(2 * columns * foundLanes * 8)),
  };
}
