import type { RunModel } from '../../../../exporters/training/runs/run-state.ts';
import {
  flopsPerSecondPerGpu,
  mfu,
  samplesPerSecond,
  secondsLeft,
  tokensPerSecond,
} from '../../../../exporters/training/runs/speed.ts';
import type { Quantity } from '../../../../exporters/training/schema/quantities.ts';
import { startBook, train } from '../../../support/training-book.ts';

interface Known {
  readonly said?: Partial<Record<Quantity, number>>;
  readonly model?: RunModel;
  /** Two seconds each. */
  readonly steps?: number;
}

function runOf({ said = {}, model, steps = 10 }: Known) {
  const { stream, state } = startBook({}, () => model);
  const events = stream('event_files');
  train(events, { first: 0, last: steps, atSeconds: 500, apart: 2 });
  for (const [name, value] of Object.entries(said)) events.value(name as Quantity, value, steps, 500 + 2 * steps);
  return state();
}

const batch = { global_batch_size: 8 };
const model: RunModel = { sequenceLength: 100, flopsPerToken: 1000, gpus: 4, peakFlopsPerSecond: 400_000 };

test.each<[string, Known, number | undefined]>([
  ['as the framework reports them', { said: { tokens_per_second: 5, tokens_per_second_per_gpu: 9 }, model }, 5],
  ['of one GPU times their number', { said: { tokens_per_second_per_gpu: 9, world_size: 3 } }, 27],
  ['of one GPU times their number in the mapping', { said: { tokens_per_second_per_gpu: 9 }, model }, 36],
  ['of one GPU, of which nobody knows how many there are', { said: { tokens_per_second_per_gpu: 9 } }, undefined],
  ['of a batch by the usual time of a step', { said: batch, model }, 400],
  ['of a step in the mapping', { said: batch, model: { ...model, tokensPerStep: 6 } }, 3],
  ['of a batch of unknown sequences', { said: batch }, undefined],
  ['of an unknown batch', { model }, undefined],
  ['of a run without a duration', { said: batch, model, steps: 0 }, undefined],
])('tokens per second %s', (_what, known, tokens) => {
  expect(tokensPerSecond(runOf(known))).toBe(tokens);
});

test.each<[string, Known, number | undefined]>([
  ['as the framework reports them', { said: { ...batch, samples_per_second: 7 } }, 7],
  ['of a batch by the usual time of a step', { said: batch }, 4],
  ['of an unknown batch', {}, undefined],
  ['of a run without a duration', { said: batch, steps: 0 }, undefined],
])('samples per second %s', (_what, known, samples) => {
  expect(samplesPerSecond(runOf(known))).toBe(samples);
});

test.each<[string, Known, number | undefined, number | undefined]>([
  ['reported', { said: { ...batch, flops_per_second_per_gpu: 40_000 }, model }, 40_000, 0.1],
  ['of the tokens of one GPU', { said: { ...batch, tokens_per_second_per_gpu: 200 }, model }, 200_000, 0.5],
  ['of the tokens of all', { said: batch, model }, 100_000, 0.25],
  ['of an unknown model', { said: { tokens_per_second_per_gpu: 200 } }, undefined, undefined],
  ['of an unknown number of GPUs', { said: batch, model: { ...model, gpus: undefined } }, undefined, undefined],
  ['on a GPU without a peak', { said: batch, model: { ...model, peakFlopsPerSecond: 0 } }, 100_000, undefined],
])('FLOPs per second and GPU, and their share of the peak: %s', (_what, known, flops, share) => {
  const run = runOf(known);
  expect(flopsPerSecondPerGpu(run)).toBe(flops);
  expect(mfu(run)).toBe(share);
});

test('a share of the peak that the framework reports beats the one that is computed', () => {
  expect(mfu(runOf({ said: { ...batch, mfu_ratio: 0.4 }, model }))).toBe(0.4);
});

test.each<[string, Known, number | undefined]>([
  ['its steps', { said: { max_steps: 25 } }, 30],
  ['no step, where it did more than were planned', { said: { max_steps: 5 } }, 0],
  ['nobody knows how many', {}, undefined],
  ['what -1 steps mean, which is no number', { said: { max_steps: -1 } }, undefined],
  ['steps of unknown length', { said: { max_steps: 25 }, steps: 0 }, undefined],
])('time that is left for %s', (_what, known, seconds) => {
  expect(secondsLeft(runOf(known))).toBe(seconds);
});
