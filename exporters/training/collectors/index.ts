import { checkpointsCollector } from './checkpoints.ts';
import { goodputCollector } from './goodput.ts';
import { livesCollector } from './lives.ts';
import { lossesCollector } from './losses.ts';
import { memoryCollector } from './memory.ts';
import { phasesCollector } from './phases.ts';
import { ranksCollector } from './ranks.ts';
import { scalarsCollector } from './scalars.ts';
import { sourcesCollector } from './sources.ts';
import { stepsCollector } from './steps.ts';
import { throughputCollector } from './throughput.ts';
import type { TrainingCollector } from './training-collector.ts';

/** Every collector, in the order of their names on /metrics. */
export const trainingCollectors: readonly TrainingCollector[] = [
  livesCollector,
  lossesCollector,
  stepsCollector,
  throughputCollector,
  memoryCollector,
  phasesCollector,
  ranksCollector,
  checkpointsCollector,
  goodputCollector,
  scalarsCollector,
  sourcesCollector,
];
