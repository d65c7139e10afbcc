import type { Collector, CollectorOutput } from '../../../kit/collector.ts';
import type { training } from '../../../metrics/training.ts';
import type { ShownRun } from '../runs/run-book.ts';
import type { RunState } from '../runs/run-state.ts';
import type { Quantity } from '../schema/quantities.ts';
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

/** Last value of the quantity; undefined where there is none. */
export function gaugeOf({ gauges }: RunState, quantity: Quantity): number | undefined {
  const value = gauges.get(quantity)?.value;
  return value === undefined ? undefined : withoutFloatNoise(value);
}

/** Nine digits tell every number of 32 bits, and seven most: IEEE 754. */
const floatDigits = [7, 8, 9];

/** A value that was written in 32 bits is shown with the fewest decimals that tell it: 0.0001 and not 0.00009999999747378752. */
export function withoutFloatNoise(value: number): number {
  if (Number.isInteger(value) || Math.fround(value) !== value) return value;
  for (const digits of floatDigits) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return short;
  }
  return value;
}
