import { stragglerRank } from '../../../exporters/gpu/sources/simulated/scenarios.ts';
import type { SimulatedFramework } from './simulated-frameworks.ts';

/** What goes wrong with one run; seconds are those of the simulation. */
export interface RunFault {
  /** From here on the loss is NaN. */
  readonly nanFromSecond?: number;
  /** From here on nothing happens any more, although the process stays. */
  readonly stallAtSecond?: number;
  readonly straggler?: Straggler;
  readonly crash?: { readonly atSecond: number; readonly restartAfterSeconds: number };
}

/** A rank that takes longer for forward and backward than it should. */
export interface Straggler {
  readonly rank: number;
  readonly factor: number;
  readonly fromSecond: number;
}

export interface TrainingScenario {
  /** One sentence for help and guides. */
  readonly about: string;
  /** What the struck run is trained with, where the fault needs it; otherwise the seed decides. */
  readonly framework?: SimulatedFramework;
  readonly fault: (ranks: number) => RunFault;
}

/** Every scenario strikes the first run of the first node; all others stay healthy. */
export const trainingScenarios = {
  'training-nan': {
    about: 'From second 30 on the loss of the first training run of the first node is NaN.',
    fault: () => ({ nanFromSecond: 30 }),
  },
  'training-stall': {
    about:
      'At second 40 the first training run of the first node stops making steps; its process stays and says nothing.',
    // It tells its last step, without which nobody knows a stalled run from a finished one.
    framework: 'megatron',
    fault: () => ({ stallAtSecond: 40 }),
  },
  straggler: {
    about:
      'From second 30 on one rank of the first training run of the first node takes 1.6 times as long, and all others wait for it: the power limit of its GPU was lowered.',
    framework: 'torchtitan',
    fault: (ranks) => ({ straggler: { rank: stragglerRank(ranks), factor: 1.6, fromSecond: 30 } }),
  },
  rollback: {
    about:
      'At second 60 the first training run of the first node crashes. It starts again after 15 seconds and goes on from its last checkpoint.',
    fault: () => ({ crash: { atSecond: 60, restartAfterSeconds: 15 } }),
  },
} as const satisfies Readonly<Record<string, TrainingScenario>>;

export type TrainingScenarioName = keyof typeof trainingScenarios;

export function isTrainingScenario(name: string): name is TrainingScenarioName {
  return Object.hasOwn(trainingScenarios, name);
}
