import type { Expr } from '../metrics/promql.ts';
import { promql, select } from '../metrics/promql.ts';
import { training } from '../metrics/training.ts';
import { perRun, recent } from './vectors.ts';

/** Phases in which nothing more is to be expected of a run. */
export const endedPhases = ['finished', 'failed', 'ended'] as const;

type Phase = 'starting' | 'training' | 'evaluating' | 'checkpointing' | 'restarting' | (typeof endedPhases)[number];

/** 1 for each run that is in one of the phases, also where a scrape or two failed. */
export function runsIn(...phases: readonly [Phase, ...Phase[]]): Expr {
  return promql`${perRun(recent(inPhase(phases)))} == 1`;
}

/** The same, and not a moment longer than the run is shown: it may go on as another series, under another job. */
export function runsNowIn(...phases: readonly [Phase, ...Phase[]]): Expr {
  return promql`${perRun(inPhase(phases))} == 1`;
}

function inPhase([first, ...others]: readonly [Phase, ...Phase[]]): Expr {
  const phase = others.length === 0 ? first : { re: [first, ...others].join('|') };
  return select(training.training_run_phase, { phase });
}
