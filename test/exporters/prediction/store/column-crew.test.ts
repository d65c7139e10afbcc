import { activateAll, workspaceFor } from '../../../../exporters/prediction/learning/prepare.ts';
import { boostedDefaults } from '../../../../exporters/prediction/learning/settings.ts';
import { soloCrew } from '../../../../exporters/prediction/learning/trees/column-task.ts';
import { createControl, leadCrew } from '../../../../exporters/prediction/store/column-crew.ts';
import { riskRows } from '../../../support/risk-rows.ts';

const matrix = riskRows({ rows: 20_000, columns: 7, missing: 0.1 });
const workspaceOf = () => workspaceFor(matrix, boostedDefaults, 1, (bytes) => new SharedArrayBuffer(bytes));

test.each([1, 2, 5, 9])('a lead of %p threads whose others never come does every column once itself', (threads) => {
  const alone = workspaceOf();
  const led = workspaceOf();
  const control = createControl(threads);
  for (const [workspace, crew] of [
    [alone, soloCrew(alone)],
    [led, leadCrew(led, control)],
  ] as const) {
    crew.run(activateAll(workspace), { kind: 'bin' });
    workspace.order.set(Int32Array.from({ length: 20_000 }, (_, row) => row));
    workspace.gradients.set(matrix.labels.map((label) => -label));
    workspace.hessians.fill(1);
    const node = { slot: 0, start: 0, end: 20_000, rows: 20_000, gradient: -9000, hessian: 20_000, low: -1, high: 1 };
    crew.run(7, { kind: 'node', node });
  }
  expect(led.bins).toEqual(alone.bins);
  expect(led.found).toEqual(alone.found);
  expect(led.histograms).toEqual(alone.histograms);
});
