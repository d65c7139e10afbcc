import { shapeOf } from './run-shape.ts';
import type { SimulatedRun } from './simulated-run.ts';

/** What an operator would tell the training exporter of the models of these runs, for its mapping file: no log says all of it. */
export function modelMapping(runs: readonly SimulatedRun[]): object {
  return {
    models: runs.map((run) => {
      const { flopsPerToken, sequenceLength } = shapeOf(run);
      return {
        run: `${run.namespace}/${run.podName}`,
        flops_per_token: flopsPerToken,
        gpu: 'H100',
        gpus: run.ranks,
        sequence_length: sequenceLength,
      };
    }),
  };
}
