import type { Clock } from '../../../kit/clock.ts';
import type { Checkpoint, Moment, PhaseTime, RunPhase, RunStream } from '../journal.ts';
import { type Quantity, quantitySpec } from '../schema/quantities.ts';
import type { SourceLedger } from '../source-ledger.ts';
import { noteStep, tellsProgress } from './catch-up.ts';
import { addCheckpoint } from './checkpoint-log.ts';
import { enterPhase, isOver, signOfLife } from './life.ts';
import { addPause } from './pauses.ts';
import { addPhaseTime, addRankPhase } from './phase-times.ts';
import { advance, goBack, isOfEarlierAttempt, leads, report } from './progress.ts';
import type { RankRoom } from './rank-times.ts';
import type { RunState, StreamState } from './run-state.ts';
import { takeValue } from './values.ts';

export interface StreamLimits {
  readonly maxScalars: number;
  readonly maxRanks: number;
}

interface StreamDeps {
  readonly id: string;
  readonly run: RunState;
  readonly stream: StreamState;
  readonly limits: StreamLimits;
  readonly rankRoom: RankRoom;
  readonly clock: Clock;
  readonly ledger: SourceLedger;
  /** Something was told: a run that was let go of is taken back. */
  readonly onTold: () => void;
  /** All that was there is read. */
  readonly onSettled: () => void;
  readonly onClose: () => void;
}

/** Takes what one source tells into the state of its run. */
export function createRunStream({
  id,
  run,
  stream,
  limits,
  rankRoom,
  clock,
  ledger,
  onTold,
  onSettled,
  onClose,
}: StreamDeps): RunStream {
  /** Step of the lines that were read and whose time is told by `settle`. */
  let untimed: number | undefined;
  let hasUntimed = false;

  /** What comes without a time is of now, or of some time before if old data are being caught up with. */
  function timeOf(timeSeconds: number | undefined): number | undefined {
    return timeSeconds ?? (run.unsettled.has(id) ? undefined : clock.now());
  }

  function heard(atSeconds: number | undefined): void {
    onTold();
    if (atSeconds === undefined) hasUntimed = true;
    else signOfLife(run, atSeconds, clock.now());
  }

  function takeStep(quantity: Quantity, step: number, atSeconds: number | undefined): void {
    if (tellsProgress(run, stream.kind)) takeProgress(quantity, step, atSeconds);
    else noteStep(run, stream, step);
    stream.quantitySteps.set(quantity, step);
  }

  function takeProgress(quantity: Quantity, step: number, atSeconds: number | undefined): void {
    const isNews = step > (run.progress.step ?? -1);
    if (isWayBack(stream, quantity, step)) goBack(run, stream, step, atSeconds);
    else if (stream.step === undefined || step > stream.step) advance(run, stream, step, atSeconds);
    // What others have told of is read after the end now and then, and has no time that says so.
    if (atSeconds === undefined && (isNews || !isOver(run))) untimed = step;
  }

  function value(quantity: Quantity, amount: number, step: number | undefined, atSeconds: number | undefined): void {
    heard(atSeconds);
    if (isOfEarlierAttempt(run, stream, atSeconds)) return;
    const spec = quantitySpec(quantity);
    if (spec.evaluates === true) addPause(run, 'evaluation', timeOf(atSeconds));
    else if (isStep(step) && spec.role !== 'mark') takeStep(quantity, step, atSeconds);
    takeValue(run, { quantity, value: amount, step, kind: stream.kind, atSeconds });
    if (quantity === 'finished') enterPhase(run, 'finished', timeOf(atSeconds), undefined);
  }

  function phaseTime({ phase, seconds, rank, memoryDeltaBytes, step, timeSeconds, times = 1 }: PhaseTime): void {
    heard(timeSeconds);
    // Ranks are logs of their own; where there is nothing else they tell of the steps too.
    const tellsSteps = rank === undefined || (stream.kind === 'rank_logs' && leads(run, stream.kind));
    if (isStep(step) && tellsSteps) takeStep('step_seconds', step, timeSeconds);
    const isKept = addPhaseTime(run, { phase, seconds, weight: times, rank, memoryDeltaBytes });
    if (!isKept) ledger.dropped('phases');
    if (rank === undefined) return;
    const atSeconds = timeSeconds ?? clock.now();
    if (!addRankPhase(run, { phase, rank, seconds, weight: times, atSeconds }, limits.maxRanks, rankRoom))
      ledger.dropped('ranks');
  }

  function scalar(tag: string, amount: number): void {
    onTold();
    if (!run.scalars.has(tag) && run.scalars.size >= limits.maxScalars) {
      ledger.dropped('scalars');
      return;
    }
    run.scalars.set(tag, amount);
  }

  function checkpoint(told: Checkpoint): void {
    heard(told.timeSeconds);
    addCheckpoint(run, told, timeOf(told.timeSeconds));
  }

  function enter(phase: RunPhase, { step, timeSeconds, exitCode }: Moment & { exitCode?: number | undefined }): void {
    const atSeconds = timeOf(timeSeconds);
    heard(atSeconds);
    enterPhase(run, phase, atSeconds, exitCode);
    // A loop may say nothing but that it has done a step.
    if (phase === 'training' && isStep(step)) takeStep('step_seconds', step, timeSeconds);
  }

  function settle(readAtSeconds: number | undefined): void {
    if (readAtSeconds !== undefined) {
      onSettled();
      if (hasUntimed) heard(readAtSeconds);
      hasUntimed = false;
    }
    if (untimed === undefined) return;
    const step = untimed;
    untimed = undefined;
    if (readAtSeconds === undefined) return;
    report(run, stream.kind, step, readAtSeconds);
  }

  return {
    framework: (name) => {
      run.framework ??= name;
      onTold();
    },
    value,
    lossMissing: ({ timeSeconds }) => {
      heard(timeSeconds);
      run.loss.isFinite = false;
      run.gauges.delete('loss');
    },
    scalar,
    sessionStart: ({ step, timeSeconds }) => {
      heard(timeSeconds);
      if (isStep(step)) stream.resumeStep = step;
    },
    phaseTime,
    checkpoint,
    enter,
    writerAlive: (alive) => {
      run.life.alive = alive;
      if (alive === true && !isOver(run)) signOfLife(run, clock.now(), clock.now());
    },
    settle,
    close: onClose,
  };
}

/** At an earlier step than before, or after the writer said that it goes on from an earlier one. */
function isWayBack({ quantitySteps, resumeStep }: StreamState, quantity: Quantity, step: number): boolean {
  const last = quantitySteps.get(quantity);
  return last !== undefined && (step < last || (resumeStep ?? last) < last);
}

function isStep(step: number | undefined): step is number {
  return step !== undefined && step >= 0 && step <= Number.MAX_SAFE_INTEGER;
}
