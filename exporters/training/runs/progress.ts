import type { SourceKind } from '../journal.ts';
import { sourceKinds } from '../journal.ts';
import { countSteps, countTokensOfRate } from './counts.ts';
import { observe } from './histogram.ts';
import { beginAgain, isOver, trains } from './life.ts';
import { pauseIn } from './pauses.ts';
import { type Report, type RunState, type StreamState, stepBounds } from './run-state.ts';
import { addInterval, isLong, wasteAbove } from './time-ledger.ts';

/** A stream tells of a step that it had not told of before. Time is undefined where it is not known yet. */
export function advance(run: RunState, stream: StreamState, step: number, atSeconds: number | undefined): void {
  if (isOfEarlierAttempt(run, stream, atSeconds)) return;
  if (isNewWriter(run, stream, step, atSeconds)) setBack(run, stream, step, atSeconds);
  const { progress } = run;
  stream.resumeStep = undefined;
  stream.step = step;
  stream.atSeconds = atSeconds ?? stream.atSeconds;
  stream.attempt = progress.attempt;
  run.life.isRestarting = false;
  if (progress.step === undefined) countFirst(run, step, atSeconds);
  else if (step > progress.step) countSteps(run, step - progress.step);
  progress.step = Math.max(step, progress.step ?? step);
  if (atSeconds !== undefined) report(run, stream.kind, step, atSeconds);
  progress.restartsSeen.set(stream.kind, run.life.restarts);
}

/** A quantity that a stream has told of at a later step comes again at an earlier one, or the writer said so: the run went back. */
export function goBack(run: RunState, stream: StreamState, step: number, atSeconds: number | undefined): void {
  if (isOfEarlierAttempt(run, stream, atSeconds)) return;
  stream.quantitySteps.clear();
  // Another stream may have told of the same already.
  if (stream.attempt === run.progress.attempt) setBack(run, stream, step, atSeconds);
  stream.step = undefined;
  advance(run, stream, step, atSeconds);
}

/** The step was reached at that time: closes the interval since the report before, if the stream is the one that counts. */
export function report(run: RunState, kind: SourceKind, step: number, atSeconds: number): void {
  const { progress } = run;
  trainsAt(run, atSeconds);
  if (!takesLead(run, kind) || step <= (progress.report?.step ?? -1)) return;
  const isFirst = progress.report === undefined;
  const before = progress.report ?? firstReport(run, step);
  progress.report = { step, atSeconds };
  if (before !== undefined && atSeconds > before.atSeconds) closeInterval(run, before, { step, atSeconds });
  else if (isFirst) progress.disturbance = undefined;
}

function closeInterval(run: RunState, before: Report, { step, atSeconds }: Report): void {
  const { progress, times } = run;
  const steps = step - before.step;
  const seconds = atSeconds - before.atSeconds;
  const pause = pauseIn(run, { from: before.atSeconds, to: atSeconds, isLong: isLong(times, steps, seconds) });
  const disturbance = progress.disturbance ?? pause;
  const stepSeconds = addInterval(times, {
    steps,
    seconds,
    endStep: step,
    nativeStepSeconds: disturbance === undefined ? progress.nativeStepSeconds : undefined,
    waitedSeconds: progress.waitedSeconds,
    disturbance,
  });
  progress.reportSteps = steps;
  progress.disturbance = undefined;
  progress.waitedSeconds = 0;
  run.rankWaits.clear();
  if (stepSeconds === undefined) return;
  if (progress.nativeStepSeconds === undefined) observe(run.stepDurations, stepBounds, stepSeconds, steps);
  countTokensOfRate(run, stepSeconds * steps);
}

/** The duration of a step as the framework measured it, of as many steps as it reports at once. */
export function nativeStep(run: RunState, kind: SourceKind, seconds: number): void {
  if (!leads(run, kind) || !(seconds > 0) || !Number.isFinite(seconds)) return;
  run.progress.nativeStepSeconds = seconds;
  observe(run.stepDurations, stepBounds, seconds, run.progress.reportSteps);
}

/** Of several kinds of sources the one that stands first says how long steps took: intervals of two would overlap. */
function takesLead(run: RunState, kind: SourceKind): boolean {
  if (!leads(run, kind) && comesBefore(run.progress.primary, kind)) return false;
  run.progress.primary = kind;
  return true;
}

/** Nobody else has said yet how long steps take. */
export function leads({ progress }: RunState, kind: SourceKind): boolean {
  return progress.primary === undefined || progress.primary === kind;
}

/** What several sources tell, such as losses, is taken from one kind of them. */
export function isTeller({ progress: { tellers } }: RunState, what: string, kind: SourceKind): boolean {
  const teller = tellers.get(what);
  if (teller !== kind && comesBefore(teller, kind)) return false;
  tellers.set(what, kind);
  return true;
}

export function comesBefore(teller: SourceKind | undefined, kind: SourceKind): boolean {
  return teller !== undefined && sourceKinds.indexOf(teller) < sourceKinds.indexOf(kind);
}

/** What is read after the end and was written before it does not bring a run back. */
function trainsAt(run: RunState, atSeconds: number): void {
  const { progress, life } = run;
  if (life.endedAt === undefined || atSeconds > life.endedAt) trains(run);
  if (progress.stepAt === undefined || atSeconds > progress.stepAt) progress.stepAt = atSeconds;
}

/** Before the first step there is only the time at which the run showed up. */
function firstReport({ life, progress }: RunState, step: number): Report | undefined {
  if (progress.disturbance !== 'startup' || life.startedAt === undefined) return undefined;
  return { step: Math.max(0, step - progress.reportSteps), atSeconds: life.startedAt };
}

/** Steps of a run that begins in the middle, after a checkpoint, were done before anybody looked, or by another run. */
function countFirst(run: RunState, step: number, atSeconds = Infinity): void {
  const { steps, lastStep, lastAt = Infinity } = run.checkpoints;
  // A step is reported before it is saved, so one that was saved before was done by another run.
  const isResumedHere = lastStep === step && lastAt < atSeconds;
  const resumedFrom = isResumedHere ? step : (steps.findLast((saved) => saved < step) ?? 0);
  countSteps(run, step - resumedFrom);
}

/** Events that were written before a rollback and are read after it, since every writer flushes in its own time. */
export function isOfEarlierAttempt(
  { progress }: RunState,
  stream: StreamState,
  atSeconds: number | undefined,
): boolean {
  if (stream.attempt === progress.attempt || atSeconds === undefined) return false;
  return progress.attemptSince !== undefined && atSeconds < progress.attemptSince;
}

/**
 * A stream that starts at a step which is past, later than anybody wrote: a process that was started again. If it starts earlier it tells
 * the same as others, such as the second rank that writes.
 */
function isNewWriter(
  { progress, streams }: RunState,
  stream: StreamState,
  step: number,
  atSeconds: number | undefined,
): boolean {
  if (stream.step !== undefined || atSeconds === undefined || progress.step === undefined) return false;
  if (step > progress.step || (step === progress.step && stream.resumeStep === undefined)) return false;
  // Where none of its kind has come so far yet, another kind has told of the way back already.
  const others = [...streams.values()].filter(
    (other) => other.kind === stream.kind && other.step !== undefined && other.attempt === progress.attempt,
  );
  return others.length > 0 && others.every((other) => (other.atSeconds ?? 0) < atSeconds);
}

function setBack(run: RunState, stream: StreamState, step: number, atSeconds: number | undefined): void {
  const { progress, gauges, checkpoints } = run;
  const last = progress.step ?? step;
  const resumed = Math.min(last, resumedStep(run, stream, step));
  wasteAbove(run.times, resumed);
  progress.lastSamples = scaledBack(progress.lastSamples, resumed, last);
  progress.lastTokens = scaledBack(progress.lastTokens, resumed, last);
  progress.wasted += last - resumed;
  progress.rollbacks++;
  progress.attempt++;
  progress.attemptSince = atSeconds;
  progress.step = resumed;
  // The way to the first step after it is recovery, and a step further than the one that it went back to.
  if (progress.report !== undefined) progress.report = { step: resumed, atSeconds: progress.report.atSeconds };
  stream.resumeStep = undefined;
  checkpoints.steps = checkpoints.steps.filter((saved) => saved <= resumed);
  for (const gauge of gauges.values()) gauge.step = undefined;
  countRestart(run, stream.kind);
}

/** Other signs of the same restart, such as a process that was gone, may have counted it already. */
function countRestart(run: RunState, kind: SourceKind): void {
  const { life, progress } = run;
  const isNews = (progress.restartsSeen.get(kind) ?? life.restarts) === life.restarts;
  if (isNews) beginAgain(run);
  else progress.disturbance = 'recovery';
  // Its next step is not another sign.
  if (!isOver(run)) return;
  life.phase = 'restarting';
  life.endedAt = undefined;
}

/** As the writer says, else the checkpoint that fits, else as far before the first report as reports are apart. */
function resumedStep({ progress, checkpoints }: RunState, { resumeStep }: StreamState, step: number): number {
  if (resumeStep !== undefined && resumeStep < step) return resumeStep;
  const saved = checkpoints.steps.findLast((candidate) => candidate < step);
  if (saved !== undefined && step - saved <= progress.reportSteps) return saved;
  return Math.max(0, step - progress.reportSteps);
}

/** What had been counted at a step, if each step counted the same. */
function scaledBack(total: number | undefined, step: number, last: number): number | undefined {
  return total === undefined || last === 0 ? undefined : (total * step) / last;
}
