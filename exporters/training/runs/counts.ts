import type { RunState } from './run-state.ts';
import { rateOfTokens } from './speed.ts';

/** Counts steps, and samples and tokens where nobody counts them but their number in a step is known. */
export function countSteps(run: RunState, steps: number): void {
  const { progress, gauges, model } = run;
  progress.steps += steps;
  const batch = gauges.get('global_batch_size')?.value;
  if (progress.lastSamples === undefined && batch !== undefined) progress.samples += steps * batch;
  const tokens = model?.tokensPerStep ?? product(batch, model?.sequenceLength);
  if (progress.lastTokens === undefined && tokens !== undefined) progress.tokens += steps * tokens;
}

/** Counts tokens where only their rate is reported. */
export function countTokensOfRate(run: RunState, seconds: number): void {
  const { progress, gauges, model } = run;
  const isCounted =
    progress.lastTokens !== undefined ||
    model?.tokensPerStep !== undefined ||
    product(gauges.get('global_batch_size')?.value, model?.sequenceLength) !== undefined;
  if (!isCounted) progress.tokens += (rateOfTokens(run) ?? 0) * seconds;
}

function product(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? undefined : a * b;
}
