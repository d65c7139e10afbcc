import type { SourceKind } from '../journal.ts';
import { comesBefore } from './progress.ts';
import { createRunState, type RunState, type StreamState } from './run-state.ts';

/**
 * Whether what a kind of source says about steps counts. Files of a run that is found late tell the same history one after the other, so
 * until they are read only the kind counts that stands first, and what others had told before it is forgotten. Later all count, since
 * then the one that is ahead has news.
 */
export function tellsProgress(run: RunState, kind: SourceKind): boolean {
  if (run.isShown || run.caughtUpBy === kind) return true;
  if (comesBefore(run.caughtUpBy, kind)) return false;
  if (run.caughtUpBy !== undefined) forgetProgress(run);
  run.caughtUpBy = kind;
  return true;
}

/** From here on its next steps are news. */
export function noteStep({ progress, life }: RunState, stream: StreamState, step: number): void {
  stream.step = step;
  stream.attempt = progress.attempt;
  stream.resumeStep = undefined;
  progress.restartsSeen.set(stream.kind, life.restarts);
}

function forgetProgress(run: RunState): void {
  const { progress, times, loss, stepDurations } = createRunState(run.identity, run);
  Object.assign(run.progress, progress);
  Object.assign(run.times, times);
  Object.assign(run.loss, loss);
  Object.assign(run.stepDurations, stepDurations);
  run.phases.clear();
  run.rankWaits.clear();
  run.life.restarts = 0;
  run.life.isRestarting = false;
  for (const stream of run.streams.values()) stream.attempt = 0;
}
