import type { SourceKind } from '../journal.ts';
import { type Quantity, quantitySpec } from '../schema/quantities.ts';
import { reportLoss } from './loss-health.ts';
import { addPhaseTime } from './phase-times.ts';
import { isTeller, nativeStep } from './progress.ts';
import type { RunState } from './run-state.ts';

/** They are no part of each step. */
const rarePhases = ['checkpoint', 'evaluation'];

export interface Told {
  readonly quantity: Quantity;
  readonly value: number;
  readonly step: number | undefined;
  readonly kind: SourceKind;
  readonly atSeconds: number | undefined;
}

/** Takes one value of the schema into the run; what it says about the step was taken before. */
export function takeValue(run: RunState, told: Told): void {
  const { quantity, value, kind } = told;
  const spec = quantitySpec(quantity);
  switch (spec.role) {
    case 'gauge':
      takeGauge(run, told);
      break;
    case 'total':
      takeTotal(run, quantity === 'tokens' ? 'tokens' : 'samples', value);
      break;
    case 'count':
      takeCount(run, quantity === 'skipped_steps' ? 'skipped' : 'nonfiniteCounted', value);
      break;
    case 'phase':
      takePhase(run, kind, spec.phase ?? quantity, value);
      break;
    case 'mark':
      break;
  }
}

function takeGauge(run: RunState, { quantity, value, step, kind }: Told): void {
  if (quantity === 'loss') takeLoss(run, kind, value);
  if (quantity === 'step_seconds') nativeStep(run, kind, value);
  const gauge = run.gauges.get(quantity);
  // A source that is behind must not put older values in the place of newer ones.
  if (gauge?.step !== undefined && step !== undefined && step < gauge.step) return;
  if (!Number.isFinite(value)) run.gauges.delete(quantity);
  else if (gauge === undefined) run.gauges.set(quantity, { value, step });
  else {
    gauge.value = value;
    gauge.step = step;
  }
}

function takeLoss(run: RunState, kind: SourceKind, loss: number): void {
  if (!isTeller(run, 'loss', kind)) return;
  if (Number.isFinite(loss)) {
    reportLoss(run.loss, loss);
    return;
  }
  run.loss.isFinite = false;
  run.progress.nonfiniteLosses++;
}

/** Takes a value that is counted since training began into a counter that never falls. */
function takeTotal({ progress }: RunState, what: 'samples' | 'tokens', value: number): void {
  if (!Number.isFinite(value)) return;
  const lastKey = what === 'samples' ? 'lastSamples' : 'lastTokens';
  const last = progress[lastKey];
  if (last === undefined) progress[what] = Math.max(progress[what], value);
  else if (value > last) progress[what] += value - last;
  if (last === undefined || value > last) progress[lastKey] = value;
}

function takeCount({ progress }: RunState, what: 'skipped' | 'nonfiniteCounted', count: number): void {
  if (count > 0 && Number.isFinite(count)) progress[what] += count;
}

function takePhase(run: RunState, kind: SourceKind, phase: string, seconds: number): void {
  if (!isTeller(run, phase, kind)) return;
  addPhaseTime(run, { phase, seconds, weight: rarePhases.includes(phase) ? 1 : run.progress.reportSteps });
}
