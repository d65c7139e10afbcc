import type { Checkpoint } from '../journal.ts';
import { addPause } from './pauses.ts';
import { addToWindow } from './robust-window.ts';
import type { RunState } from './run-state.ts';

/** To find the one that a run went back to. */
const keptSteps = 64;
/** Older ones say little about how often checkpoints are written now. */
const keptIntervals = 8;

export function addCheckpoint(run: RunState, { step, outcome }: Checkpoint, atSeconds: number | undefined): void {
  const { checkpoints } = run;
  if (outcome === 'failed') {
    if (!isTornByCrash(run, atSeconds)) checkpoints.failed++;
    return;
  }
  // Its folder and the log tell of the same one.
  if (step !== undefined && checkpoints.steps.includes(step)) return;
  checkpoints.complete++;
  addPause(run, 'checkpoint_save', atSeconds);
  if (step !== undefined) checkpoints.steps = [...checkpoints.steps, step].sort((a, b) => a - b).slice(-keptSteps);
  if (atSeconds === undefined || atSeconds < (checkpoints.lastAt ?? 0)) return;
  if (checkpoints.lastAt !== undefined) addInterval(run, atSeconds - checkpoints.lastAt);
  checkpoints.lastAt = atSeconds;
  checkpoints.lastStep = step;
}

/** What a run was writing when it ended is incomplete, which is no fault of the checkpoint. */
function isTornByCrash({ progress }: RunState, atSeconds: number | undefined): boolean {
  return atSeconds !== undefined && progress.attemptSince !== undefined && atSeconds < progress.attemptSince;
}

function addInterval({ checkpoints: { intervals } }: RunState, seconds: number): void {
  addToWindow(intervals, seconds);
  if (intervals.values.length <= keptIntervals) return;
  const oldest = intervals.values.shift();
  if (oldest !== undefined) intervals.sorted.splice(intervals.sorted.indexOf(oldest), 1);
}
