import type { RunPhase } from '../journal.ts';
import { addPause } from './pauses.ts';
import type { RunState } from './run-state.ts';

const over: readonly RunPhase[] = ['finished', 'failed', 'ended'];
/** Last checkpoints and evaluations come after the last step; then a run that has done all its steps is over. */
const finishSeconds = 60;

export function isOver({ life }: RunState): boolean {
  return over.includes(life.phase);
}

/** Somebody heard from the run. A clock that is ahead does not keep a run alive for longer. */
export function signOfLife({ life }: RunState, atSeconds: number, nowSeconds: number): void {
  if (life.startedAt === undefined || atSeconds < life.startedAt) life.startedAt = atSeconds;
  const at = Math.min(atSeconds, nowSeconds);
  if (life.lastSignAt === undefined || at > life.lastSignAt) life.lastSignAt = at;
}

/** Where the time is not known, it ends with its last sign of life. */
export function enterPhase(
  run: RunState,
  phase: RunPhase,
  atSeconds: number | undefined,
  exitCode: number | undefined,
): void {
  const { life } = run;
  if (exitCode !== undefined) life.exitCode = exitCode;
  if (phase === 'restarting' && life.phase !== 'restarting') beginAgain(run);
  if (phase === 'evaluating') addPause(run, 'evaluation', atSeconds);
  if (phase === 'checkpointing') addPause(run, 'checkpoint_save', atSeconds);
  life.phase = phase;
  life.endedAt = over.includes(phase) ? (atSeconds ?? life.lastSignAt) : undefined;
}

/** The run is started again; the steps that follow belong to a new try. */
export function beginAgain({ life, progress }: RunState): void {
  if (!life.isRestarting) life.restarts++;
  life.isRestarting = true;
  progress.disturbance = 'recovery';
}

/** A step was done, so it trains, whatever was thought before. */
export function trains(run: RunState): void {
  const { life } = run;
  if (isOver(run)) beginAgain(run);
  life.isRestarting = false;
  life.phase = 'training';
  life.endedAt = undefined;
}

/** Ends a run that shows by itself that it is over: all steps done, process gone, or silent for too long. */
export function endIfOver(run: RunState, nowSeconds: number, idleSeconds: number): void {
  if (isOver(run)) return;
  const { life } = run;
  const silentSeconds = nowSeconds - (life.lastSignAt ?? nowSeconds);
  const stepsLeft = remainingSteps(run);
  if (stepsLeft === 0 && (silentSeconds >= finishSeconds || life.alive === false)) end(run, 'finished');
  else if (life.alive === false || silentSeconds >= idleSeconds) end(run, stepsLeft === undefined ? 'ended' : 'failed');
}

function end({ life }: RunState, phase: RunPhase): void {
  life.phase = phase;
  life.endedAt = life.lastSignAt;
}

/** Undefined where nobody said how many steps there are to be. */
export function remainingSteps({ gauges, progress }: RunState): number | undefined {
  const max = gauges.get('max_steps')?.value;
  if (max === undefined || max <= 0 || progress.step === undefined) return undefined;
  return Math.max(0, max - progress.step);
}
