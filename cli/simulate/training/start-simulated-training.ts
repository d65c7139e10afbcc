import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../../../kit/clock.ts';
import { reasonOf } from '../../../kit/errors.ts';
import { timer } from '../../../kit/timer.ts';
import { applyChanges } from './apply-changes.ts';
import { createRunPlay, type RunPlay } from './run-play.ts';
import { runFolderName, type SimulatedRun, type SimulatedRunsKey, writingRuns } from './simulated-run.ts';

export interface SimulatedTraining {
  readonly runs: readonly SimulatedRun[];
  /** Waits until what was begun is written. */
  readonly stop: () => Promise<void>;
}

interface Settings extends SimulatedRunsKey {
  /** Where the folders of the runs are made. */
  readonly folder: string;
}

interface Deps {
  readonly clock: Clock;
  /** Called once if the files cannot be written, such as on a full disk; the simulation of training then ends. */
  readonly onFailure: (reason: string) => void;
}

const everySeconds = 0.5;

/** Lets the training pods of the simulated cluster write their files as time goes by. */
export function startSimulatedTraining(settings: Settings, { clock, onFailure }: Deps): SimulatedTraining {
  const runs = writingRuns(settings);
  mkdirSync(settings.folder, { recursive: true });
  const startedAt = clock.monotonic();
  const startedSeconds = clock.now();
  const plays = runs.map(
    (run): Playing => ({
      play: createRunPlay(run, startedSeconds),
      folder: join(settings.folder, runFolderName(run)),
    }),
  );
  const next = timer();
  let isStopped = false;
  let writing = Promise.resolve();

  function beat(): void {
    writing = writeAll(plays, clock.monotonic() - startedAt)
      .then(() => {
        if (!isStopped) next.set(everySeconds, beat);
      })
      .catch((error: unknown) => onFailure(reasonOf(error)));
  }

  beat();
  return {
    runs,
    stop: async () => {
      isStopped = true;
      next.clear();
      await writing;
    },
  };
}

interface Playing {
  readonly play: RunPlay;
  readonly folder: string;
}

/** The runs write side by side, each its own changes in order. */
async function writeAll(plays: readonly Playing[], second: number): Promise<void> {
  const writes = plays.map(({ play, folder }) => applyChanges(folder, play.advance(second).changes));
  const failed = (await Promise.allSettled(writes)).find(({ status }) => status === 'rejected');
  if (failed?.status === 'rejected') throw failed.reason;
}
