import { noise } from '../../../exporters/gpu/sources/simulated/random.ts';
import type { RunShape } from './run-shape.ts';
import type { RunKey } from './simulated-run.ts';

/** Loss on a step: a power law, as language models show it, with the noise of a batch. The same step has the same loss after a restart. */
export function lossAt(key: RunKey, step: number): number {
  return trend(key, step) * (1 + 0.02 * bell(key, 110, step));
}

/** Loss on data that is kept back: a little above, and with less noise. */
export function evaluationLossAt(key: RunKey, step: number): number {
  return trend(key, step) * (1.015 + 0.004 * bell(key, 111, step));
}

/** Share of tokens that are guessed right at such a loss: about a half of them at 2, as language models show it, and hardly any at first. */
export function tokenAccuracyAt(loss: number): number {
  return Math.exp(-0.32 * loss);
}

export function gradNormAt(key: RunKey, step: number): number {
  return (0.35 + 4 * (1 + step / 10) ** -0.7) * (1 + 0.12 * bell(key, 112, step));
}

/** Linear warm-up, then a cosine down to a tenth. */
export function learningRateAt({ warmupSteps, maxSteps, peakLearningRate }: RunShape, step: number): number {
  if (step <= warmupSteps) return (peakLearningRate * step) / warmupSteps;
  const progress = (step - warmupSteps) / (maxSteps - warmupSteps);
  return peakLearningRate * (0.1 + 0.45 * (1 + Math.cos(Math.PI * progress)));
}

/** Begins at the logarithm of some 50,000 tokens and goes down to about 2. */
function trend({ seed, node, pod }: RunKey, step: number): number {
  const floor = 1.7 + 0.5 * noise(seed, node, pod, 109);
  return floor + (10.8 - floor) * (1 + step / 20) ** -0.45;
}

/** From -1 to 1, mostly near 0. */
function bell({ seed, node, pod }: RunKey, what: number, step: number): number {
  const sum = [0, 1, 2].map((part) => noise(seed, node, pod, what, step, part)).reduce((total, each) => total + each);
  return (sum * 2) / 3 - 1;
}
