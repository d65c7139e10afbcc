import { evaluationLossAt, gradNormAt, learningRateAt, lossAt } from './loss-curve.ts';
import { type RunShape, shapeOf } from './run-shape.ts';
import type { RunKey } from './simulated-run.ts';
import { type RankTimes, stepTimes } from './step-times.ts';

/** What happens in a run. `second` is when it is over, from the start of the simulation. */
export type RunEvent =
  | StartEvent
  | StepEvent
  | EvaluationEvent
  | CheckpointBeginEvent
  | CheckpointEvent
  | CrashEvent
  | FinishEvent;

export interface StartEvent {
  readonly kind: 'start';
  readonly second: number;
  /** From 1. */
  readonly attempt: number;
  /** The step of the checkpoint that it goes on from; 0 for none. */
  readonly fromStep: number;
}

export interface StepEvent {
  readonly kind: 'step';
  readonly second: number;
  readonly step: number;
  readonly seconds: number;
  readonly ranks: readonly RankTimes[];
  /** NaN where the scenario wants it. */
  readonly loss: number;
  readonly gradNorm: number;
  readonly learningRate: number;
}

export interface EvaluationEvent {
  readonly kind: 'evaluation';
  readonly second: number;
  readonly step: number;
  readonly seconds: number;
  readonly loss: number;
}

export interface CheckpointBeginEvent {
  readonly kind: 'checkpoint-begin';
  readonly second: number;
  readonly step: number;
}

/** The checkpoint is complete. */
export interface CheckpointEvent {
  readonly kind: 'checkpoint';
  readonly second: number;
  readonly step: number;
  readonly seconds: number;
}

/** The program ends in the middle of a step. */
export interface CrashEvent {
  readonly kind: 'crash';
  readonly second: number;
  /** The last step that was done. */
  readonly step: number;
}

/** The program ends because all steps are done. */
export interface FinishEvent {
  readonly kind: 'finish';
  readonly second: number;
  readonly step: number;
}

/** The whole life of a run in the order of time, made as it is asked for. */
export function* runEvents(key: RunKey): Generator<RunEvent, void, undefined> {
  const shape = shapeOf(key);
  const { stallAtSecond = Number.POSITIVE_INFINITY } = key.fault;
  for (const event of attempts(key, shape)) {
    if (event.second > stallAtSecond) return;
    yield event;
  }
}

function* attempts(key: RunKey, shape: RunShape): Generator<RunEvent, void, undefined> {
  const { crash } = key.fault;
  const first = attempt(key, shape, { kind: 'start', second: 0, attempt: 1, fromStep: 0 });
  if (crash === undefined) return yield* first;
  let saved = 0;
  let done = 0;
  for (const event of first) {
    if (event.second >= crash.atSecond) break;
    if (event.kind === 'checkpoint') saved = event.step;
    if (event.kind === 'step') done = event.step;
    yield event;
  }
  yield { kind: 'crash', second: crash.atSecond, step: done };
  const second = crash.atSecond + crash.restartAfterSeconds;
  yield* attempt(key, shape, { kind: 'start', second, attempt: 2, fromStep: saved });
}

function* attempt(key: RunKey, shape: RunShape, start: StartEvent): Generator<RunEvent, void, undefined> {
  const { nanFromSecond = Number.POSITIVE_INFINITY } = key.fault;
  yield start;
  let second = start.second + shape.startupSeconds;
  for (let step = start.fromStep + 1; step <= shape.maxSteps; step++) {
    const times = stepTimes(key, shape, step, second);
    second += times.seconds;
    const isBroken = second >= nanFromSecond;
    yield {
      kind: 'step',
      second,
      step,
      ...times,
      loss: isBroken ? Number.NaN : lossAt(key, step),
      gradNorm: isBroken ? Number.NaN : gradNormAt(key, step),
      learningRate: learningRateAt(shape, step),
    };
    if (step % shape.evaluateEvery === 0) {
      second += shape.evaluationSeconds;
      const loss = isBroken ? Number.NaN : evaluationLossAt(key, step);
      yield { kind: 'evaluation', second, step, seconds: shape.evaluationSeconds, loss };
    }
    if (step % shape.checkpointEvery === 0) {
      yield { kind: 'checkpoint-begin', second, step };
      second += shape.checkpointSeconds;
      yield { kind: 'checkpoint', second, step, seconds: shape.checkpointSeconds };
    }
  }
  yield { kind: 'finish', second, step: shape.maxSteps };
}
