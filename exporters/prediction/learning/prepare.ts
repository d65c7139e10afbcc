import { maxSampledRows } from './binning/bin-column.ts';
import type { Matrix } from './matrix.ts';
import { choose, createRandom } from './random.ts';
import type { BoostedSettings, ForestSettings } from './settings.ts';
import type { Crew } from './trees/column-task.ts';
import { createWorkspace, type SplitRules, type Workspace } from './trees/workspace.ts';

/** Memory that threads can share, or not. */
export type Allocate = (bytes: number) => ArrayBuffer | SharedArrayBuffer;

/** Room for all trees of one training, not yet binned. The same seed looks at the same rows for edges. */
export function workspaceFor(
  matrix: Matrix,
  settings: BoostedSettings | ForestSettings,
  seed: number,
  allocate: Allocate,
): Workspace {
  return createWorkspace(matrix, {
    rules: rulesOf(settings),
    monotone: settings.kind === 'boosted' ? settings.monotone : [],
    slots: settings.kind === 'boosted' ? settings.leaves : 1,
    sample: choose(matrix.rows, maxSampledRows, createRandom(seed)),
    allocate,
  });
}

export function activateAll({ active, columns }: Workspace): number {
  for (let column = 0; column < columns; column++) active[column] = column;
  return columns;
}

/** Bins all cells. */
export function binAll(workspace: Workspace, crew: Crew): void {
  crew.run(activateAll(workspace), { kind: 'bin' });
}

function rulesOf(settings: BoostedSettings | ForestSettings): SplitRules {
  const { l2, minRows } = settings;
  if (settings.kind === 'boosted') {
    const { minHessian, leafClip } = settings;
    return { l2, minRows, minHessian, leafClip };
  }
  return { l2, minRows, minHessian: 0, leafClip: Number.POSITIVE_INFINITY };
}
