import { training } from '../../../metrics/training.ts';
import type { RunIdentity, RunPhase, SourceKind } from '../journal.ts';
import type { Framework } from '../schema/frameworks.ts';
import type { Quantity } from '../schema/quantities.ts';
import { createHistogram, type Histogram } from './histogram.ts';
import { createLossHealth, type LossHealth } from './loss-health.ts';
import type { Pause } from './pauses.ts';
import type { RankTimes } from './rank-times.ts';
import { createWindow, type RobustWindow } from './robust-window.ts';
import { createTimeLedger, type TimeLedger } from './time-ledger.ts';

/** Everything that is known of one run: plain data, changed in place by the functions beside it. */
export interface RunState {
  identity: RunIdentity;
  framework: Framework | undefined;
  /** What the mapping file says about the model and the GPUs. */
  model: RunModel | undefined;
  life: RunLife;
  progress: Progress;
  /** Last finite value of each quantity, with the step that it is from. */
  readonly gauges: Map<Quantity, Gauge>;
  readonly times: TimeLedger;
  readonly loss: LossHealth;
  readonly stepDurations: Histogram;
  readonly phases: Map<string, PhaseState>;
  readonly rankPhases: Map<string, RankTimes>;
  /** Seconds that each rank waited for data since the last report. */
  readonly rankWaits: Map<number, number>;
  readonly checkpoints: Checkpoints;
  readonly scalars: Map<string, number>;
  /** By id of the stream. */
  readonly streams: Map<string, StreamState>;
  /** Sources that go on telling, by id of their streams. */
  readonly followed: Set<string>;
  /** Files of a new run that are still being caught up with, by id of their streams. */
  readonly unsettled: Set<string>;
  /** When the run was seen first, by the clock of the exporter. */
  readonly knownSince: number;
  /** What was read before the run was shown is no news, so it is shown only when all of it is read. */
  isShown: boolean;
  /** Until then: the kind of source that tells how far it is. */
  caughtUpBy: SourceKind | undefined;
}

export interface RunModel {
  readonly flopsPerToken?: number | undefined;
  /** Of one GPU. */
  readonly peakFlopsPerSecond?: number | undefined;
  readonly gpus?: number | undefined;
  readonly tokensPerStep?: number | undefined;
  readonly sequenceLength?: number | undefined;
}

export interface Gauge {
  value: number;
  step: number | undefined;
}

export interface RunLife {
  phase: RunPhase;
  /** First and last sign of life, Unix time. */
  startedAt: number | undefined;
  lastSignAt: number | undefined;
  endedAt: number | undefined;
  /** When it was seen to be over, from which it is shown for a while. */
  seenOverAt: number | undefined;
  exitCode: number | undefined;
  alive: boolean | undefined;
  restarts: number;
  /** A restart was told already, and the first step after it is still to come. */
  isRestarting: boolean;
}

export interface Progress {
  /** The kind of source whose reports say how long steps take. */
  primary: SourceKind | undefined;
  /** Last step that any source told. */
  step: number | undefined;
  stepAt: number | undefined;
  /** Goes up with each rollback. */
  attempt: number;
  attemptSince: number | undefined;
  /** The kind that tells a thing which must be counted once, such as losses; of several the one that stands first. */
  readonly tellers: Map<string, SourceKind>;
  /** Restarts of the run when sources of that kind told of their last step. */
  readonly restartsSeen: Map<SourceKind, number>;
  /** Last report of the primary kind, from which the next interval is counted. */
  report: Report | undefined;
  /** The first report is still to come, of the run or after a restart. */
  disturbance: 'startup' | 'recovery' | undefined;
  /** What else happened, oldest first. */
  pauses: Pause[];
  nativeStepSeconds: number | undefined;
  /** Seconds that were waited for data since that report. */
  waitedSeconds: number;
  /** Number of steps between the last two reports. */
  reportSteps: number;
  steps: number;
  samples: number;
  tokens: number;
  /** Last absolute values, from which the counters go on. */
  lastSamples: number | undefined;
  lastTokens: number | undefined;
  skipped: number;
  /** Losses that were not finite, and steps that a framework counts itself: two tellers of the same. */
  nonfiniteLosses: number;
  nonfiniteCounted: number;
  wasted: number;
  rollbacks: number;
}

export interface Report {
  readonly step: number;
  readonly atSeconds: number;
}

export interface PhaseState {
  readonly durations: Histogram;
  memoryDeltaBytes: number | undefined;
}

export interface Checkpoints {
  complete: number;
  failed: number;
  lastAt: number | undefined;
  lastStep: number | undefined;
  readonly intervals: RobustWindow;
  /** Steps of the newest, ascending. */
  steps: number[];
}

export interface StreamState {
  readonly kind: SourceKind;
  step: number | undefined;
  atSeconds: number | undefined;
  /** Attempt of the run that its last step belonged to. */
  attempt: number;
  /** Step to which the writer said that it goes back. */
  resumeStep: number | undefined;
  /** Last step of each quantity: not every quantity is reported at every step. */
  readonly quantitySteps: Map<Quantity, number>;
}

export const stepBounds = training.training_step_duration_seconds.buckets ?? [];
export const phaseBounds = training.training_phase_duration_seconds.buckets ?? [];

export function createRunState(
  identity: RunIdentity,
  { model, knownSince }: Pick<RunState, 'model' | 'knownSince'>,
): RunState {
  return {
    identity,
    framework: undefined,
    model,
    life: {
      phase: 'starting',
      startedAt: undefined,
      lastSignAt: undefined,
      endedAt: undefined,
      seenOverAt: undefined,
      exitCode: undefined,
      alive: undefined,
      restarts: 0,
      isRestarting: false,
    },
    progress: {
      primary: undefined,
      tellers: new Map(),
      restartsSeen: new Map(),
      step: undefined,
      stepAt: undefined,
      attempt: 0,
      attemptSince: undefined,
      report: undefined,
      disturbance: 'startup',
      pauses: [],
      nativeStepSeconds: undefined,
      waitedSeconds: 0,
      reportSteps: 1,
      steps: 0,
      samples: 0,
      tokens: 0,
      lastSamples: undefined,
      lastTokens: undefined,
      skipped: 0,
      nonfiniteLosses: 0,
      nonfiniteCounted: 0,
      wasted: 0,
      rollbacks: 0,
    },
    gauges: new Map(),
    times: createTimeLedger(),
    loss: createLossHealth(),
    stepDurations: createHistogram(stepBounds),
    phases: new Map(),
    rankPhases: new Map(),
    rankWaits: new Map(),
    checkpoints: {
      complete: 0,
      failed: 0,
      lastAt: undefined,
      lastStep: undefined,
      intervals: createWindow(),
      steps: [],
    },
    scalars: new Map(),
    streams: new Map(),
    followed: new Set(),
    unsettled: new Set(),
    knownSince,
    isShown: false,
    caughtUpBy: undefined,
  };
}

export function createStreamState(kind: SourceKind, attempt: number): StreamState {
  return {
    kind,
    step: undefined,
    atSeconds: undefined,
    attempt,
    resumeStep: undefined,
    quantitySteps: new Map(),
  };
}

export function createPhaseState(): PhaseState {
  return { durations: createHistogram(phaseBounds), memoryDeltaBytes: undefined };
}
