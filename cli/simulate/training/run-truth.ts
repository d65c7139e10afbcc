import type { RunEvent, StepEvent } from './run-model.ts';
import { shapeOf } from './run-shape.ts';
import type { RunKey } from './simulated-run.ts';

/** What an exporter that sees everything would say about a run. */
export interface RunTruth {
  readonly maxSteps: number;
  readonly ranks: number;
  /** Steps between two reports: of the last ones before a crash or a stall nobody may hear. */
  readonly reportEvery: number;
  readonly batchSize: number;
  readonly sequenceLength: number;
  readonly starts: number;
  /** Steps that were done, those that were lost and done again included. */
  readonly steps: number;
  readonly lastStep: number;
  /** Since the simulation began; undefined before the first step. */
  readonly lastStepSecond: number | undefined;
  readonly lastLoss: number | undefined;
  readonly stepSeconds: readonly number[];
  /** Duration of the steps that lasted. */
  readonly productiveSeconds: number;
  readonly wastedSteps: number;
  readonly wastedSeconds: number;
  readonly rollback: { readonly fromStep: number; readonly toStep: number } | undefined;
  /** First step whose loss was NaN. */
  readonly nanStep: number | undefined;
  readonly nanSteps: number;
  /** The rank that was slow in a step. */
  readonly stragglerRank: number | undefined;
  readonly evaluations: number;
  readonly lastEvaluationLoss: number | undefined;
  readonly checkpoints: number;
  readonly lastCheckpointStep: number | undefined;
  readonly isFinished: boolean;
}

export function truthOf(key: RunKey, events: readonly RunEvent[]): RunTruth {
  const { maxSteps, reportEvery, batchSize, sequenceLength } = shapeOf(key);
  const starts = events.filter((event) => event.kind === 'start');
  const steps = events.filter((event) => event.kind === 'step');
  const evaluations = events.filter((event) => event.kind === 'evaluation');
  const checkpoints = events.filter((event) => event.kind === 'checkpoint');
  const nan = steps.filter(({ loss }) => Number.isNaN(loss));
  const { crash, restart } = crashOf(events);
  const lost =
    restart === undefined ? [] : steps.filter(({ step, second }) => step > restart.fromStep && second < restart.second);
  const slow = steps.find(
    ({ second, seconds }) => second - seconds >= (key.fault.straggler?.fromSecond ?? Number.POSITIVE_INFINITY),
  );
  const last = steps.at(-1);
  return {
    maxSteps,
    ranks: key.ranks,
    reportEvery,
    batchSize,
    sequenceLength,
    starts: starts.length,
    steps: steps.length,
    lastStep: last?.step ?? 0,
    lastStepSecond: last?.second,
    lastLoss: last?.loss,
    stepSeconds: steps.map(({ seconds }) => seconds),
    productiveSeconds: secondsOf(steps) - secondsOf(lost),
    wastedSteps: lost.length,
    wastedSeconds: secondsOf(lost),
    rollback:
      crash === undefined || restart === undefined ? undefined : { fromStep: crash.step, toStep: restart.fromStep },
    nanStep: nan[0]?.step,
    nanSteps: nan.length,
    stragglerRank: slow === undefined ? undefined : key.fault.straggler?.rank,
    evaluations: evaluations.length,
    lastEvaluationLoss: evaluations.at(-1)?.loss,
    checkpoints: checkpoints.length,
    lastCheckpointStep: checkpoints.at(-1)?.step,
    isFinished: events.some(({ kind }) => kind === 'finish'),
  };
}

function crashOf(events: readonly RunEvent[]) {
  const crash = events.find((event) => event.kind === 'crash');
  return { crash, restart: events.filter((event) => event.kind === 'start').find(({ attempt }) => attempt > 1) };
}

function secondsOf(steps: readonly StepEvent[]): number {
  return steps.reduce((sum, { seconds }) => sum + seconds, 0);
}
