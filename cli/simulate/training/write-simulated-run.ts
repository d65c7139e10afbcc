import { join } from 'node:path';
import { applyChanges } from './apply-changes.ts';
import { createRunPlay } from './run-play.ts';
import { type RunTruth, truthOf } from './run-truth.ts';
import { runFolderName, type SimulatedRun } from './simulated-run.ts';

interface Span {
  /** What happened before is not written. */
  readonly fromSecond: number;
  readonly toSecond: number;
  /** Unix time at which the simulation began. */
  readonly startedSeconds: number;
}

export interface WrittenRun {
  /** The folder of the run. */
  readonly folder: string;
  /** What happened from second 0 to the end of the span. */
  readonly truth: RunTruth;
}

/** Writes a piece of the life of a run in one go. Pieces that follow one another give the same files as the whole. */
export async function writeSimulatedRun(folder: string, run: SimulatedRun, span: Span): Promise<WrittenRun> {
  const play = createRunPlay(run, span.startedSeconds);
  const before = span.fromSecond > 0 ? play.advance(span.fromSecond).events : [];
  const { events, changes } = play.advance(span.toSecond);
  const runFolder = join(folder, runFolderName(run));
  await applyChanges(runFolder, changes);
  return { folder: runFolder, truth: truthOf(run, [...before, ...events]) };
}
