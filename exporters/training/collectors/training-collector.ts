import type { Collector, CollectorOutput } from '../../../kit/collector.ts';
import type { training } from '../../../metrics/training.ts';
import type { ShownRun } from '../runs/run-book.ts';
import type { TrainingView } from '../view.ts';

export type TrainingCollector = Collector<TrainingView, typeof training>;
export type TrainingOutput = CollectorOutput<typeof training>;

/** A collector that says the same of each run. */
export function perRun(
  name: string,
  collect: (run: ShownRun, output: TrainingOutput, view: TrainingView) => void,
): TrainingCollector {
  return {
    name,
    collect: (view, output) => {
      for (const run of view.runs) collect(run, output, view);
    },
  };
}
