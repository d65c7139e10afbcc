import { expectedValue, goesLeft, type Tree } from '../trees/tree.ts';
import { createShapOfTree, type ShapOfTree } from './path-shap.ts';

/** Trees with at most so many decisions are asked once for each pattern of their answers. */
const maxPatternBits = 16;

/** Rows × columns, row by row. */
export interface RowsToExplain {
  readonly rows: number;
  readonly columns: number;
  readonly values: Float32Array;
}

export interface TreeExplainer {
  /** What the trees say on the average of their training rows. */
  readonly expected: number;
  /** Adds what each column does to the sum of the trees, row by row as the values are. */
  readonly add: (rows: RowsToExplain, contributions: Float64Array) => void;
}

/**
 * Shapley values of a tree depend on a row only by its answers to the decisions of the tree, and thousands of rows give few different answers. So each
 * pattern of answers is worked out once for all rows that have it.
 */
export function createTreeExplainer(trees: readonly Tree[]): TreeExplainer {
  const shapOfTree = createShapOfTree(Math.max(0, ...trees.map(depthOf)));
  const patterns = new Int32Array(2 ** maxPatternBits);
  const plans = trees.map(planOf);
  return {
    expected: trees.reduce((sum, tree) => sum + expectedValue(tree), 0),
    add: (rows, contributions) => {
      for (const plan of plans) {
        if (plan.nodes.length === 0) continue;
        if (plan.nodes.length > maxPatternBits) addEach(plan, shapOfTree, rows, contributions);
        else addByPattern(plan, shapOfTree, patterns, rows, contributions);
      }
    },
  };
}

interface Plan {
  readonly tree: Tree;
  /** The nodes that decide. */
  readonly nodes: Int32Array;
  /** The columns they ask for, each once. */
  readonly asked: Int32Array;
}

function planOf(tree: Tree): Plan {
  const nodes = Int32Array.from(tree.feature.keys()).filter((node) => (tree.feature[node] ?? -1) >= 0);
  const asked = new Set([...nodes].map((node) => tree.feature[node] ?? 0));
  return { tree, nodes, asked: Int32Array.from(asked).sort() };
}

function addByPattern(
  plan: Plan,
  shapOfTree: ShapOfTree,
  patterns: Int32Array,
  { rows, columns, values }: RowsToExplain,
  contributions: Float64Array,
): void {
  const known: Float64Array[] = [];
  const scratch = new Float64Array(columns);
  patterns.fill(-1, 0, 2 ** plan.nodes.length);
  for (let row = 0; row < rows; row++) {
    const pattern = patternOf(plan, values, row * columns);
    if (patterns[pattern] === -1) patterns[pattern] = known.push(shapOfPattern(plan, shapOfTree, pattern, scratch)) - 1;
    addAsked(plan.asked, known[patterns[pattern] ?? 0] ?? scratch, contributions, row * columns);
  }
}

function addAsked(asked: Int32Array, shap: Float64Array, contributions: Float64Array, offset: number): void {
  for (let at = 0; at < asked.length; at++) {
    const to = offset + (asked[at] ?? 0);
    contributions[to] = (contributions[to] ?? 0) + (shap[at] ?? 0);
  }
}

/** One bit for each node that decides, set if the row goes left there. */
function patternOf({ tree, nodes }: Plan, values: Float32Array, offset: number): number {
  let pattern = 0;
  for (let bit = 0; bit < nodes.length; bit++) {
    const node = nodes[bit] ?? 0;
    const value = values[offset + (tree.feature[node] ?? 0)] ?? 0;
    pattern |= (goesLeft(tree, node, value) ? 1 : 0) << bit;
  }
  return pattern;
}

/** By the columns that the tree asks for. */
function shapOfPattern(
  { tree, nodes, asked }: Plan,
  shapOfTree: ShapOfTree,
  pattern: number,
  scratch: Float64Array,
): Float64Array {
  const isLeft = new Uint8Array(tree.feature.length);
  nodes.forEach((node, bit) => {
    isLeft[node] = (pattern >> bit) & 1;
  });
  scratch.fill(0);
  shapOfTree(tree, isLeft, scratch);
  return Float64Array.from(asked, (column) => scratch[column] ?? 0);
}

function addEach(
  { tree, nodes }: Plan,
  shapOfTree: ShapOfTree,
  { rows, columns, values }: RowsToExplain,
  contributions: Float64Array,
): void {
  const isLeft = new Uint8Array(tree.feature.length);
  for (let row = 0; row < rows; row++) {
    const offset = row * columns;
    for (const node of nodes)
      isLeft[node] = goesLeft(tree, node, values[offset + (tree.feature[node] ?? 0)] ?? 0) ? 1 : 0;
    shapOfTree(tree, isLeft, contributions.subarray(offset, offset + columns));
  }
}

/** Decisions on the longest way from the root to a leaf. */
function depthOf({ feature, left, right }: Tree): number {
  const depths = new Int32Array(feature.length);
  let deepest = 0;
  for (let node = 0; node < feature.length; node++) {
    const depth = depths[node] ?? 0;
    deepest = Math.max(deepest, depth);
    if ((feature[node] ?? -1) < 0) continue;
    depths[left[node] ?? 0] = depth + 1;
    depths[right[node] ?? 0] = depth + 1;
  }
  return deepest;
}
