import { medianOf } from '../../../../exporters/training/runs/robust-window.ts';
import { startBook, train } from '../../../support/training-book.ts';

test('a folder and a log that tell of the same checkpoint tell of one', () => {
  const { stream, state } = startBook();
  stream('logs').checkpoint({ step: 10, timeSeconds: 500, outcome: 'complete' });
  stream('checkpoints').checkpoint({ step: 10, timeSeconds: 505, outcome: 'complete' });
  stream('checkpoints').checkpoint({ step: 20, timeSeconds: 600, outcome: 'complete' });
  expect(state().checkpoints).toMatchObject({ complete: 2, lastStep: 20, lastAt: 600, steps: [10, 20] });
  expect(state().checkpoints.intervals.values).toEqual([100]);
});

test('checkpoints without a step count each', () => {
  const { stream, state } = startBook();
  const log = stream('logs');
  for (const timeSeconds of [500, 600]) log.checkpoint({ timeSeconds, outcome: 'complete' });
  expect(state().checkpoints).toMatchObject({ complete: 2, lastAt: 600, lastStep: undefined, steps: [] });
});

test('one that is found late counts, and the newest stays the last', () => {
  const { stream, state } = startBook();
  const checkpoints = stream('checkpoints');
  checkpoints.checkpoint({ step: 20, timeSeconds: 600, outcome: 'complete' });
  checkpoints.checkpoint({ step: 10, timeSeconds: 500, outcome: 'complete' });
  expect(state().checkpoints).toMatchObject({ complete: 2, lastAt: 600, lastStep: 20, steps: [10, 20] });
  expect(state().checkpoints.intervals.values).toEqual([]);
});

test('how far they are apart is told of the last eight', () => {
  const { stream, state } = startBook();
  const checkpoints = stream('checkpoints');
  let timeSeconds = 0;
  for (let step = 1; step <= 20; step++) {
    timeSeconds += step;
    checkpoints.checkpoint({ step, timeSeconds, outcome: 'complete' });
  }
  const { intervals } = state().checkpoints;
  expect(intervals.values).toEqual([13, 14, 15, 16, 17, 18, 19, 20]);
  expect(medianOf(intervals)).toBe(16.5);
});

test('the newest 64 steps are remembered', () => {
  const { stream, state } = startBook();
  for (let step = 1; step <= 100; step++) stream('checkpoints').checkpoint({ step, outcome: 'complete' });
  expect(state().checkpoints).toMatchObject({ complete: 100 });
  expect(state().checkpoints.steps).toHaveLength(64);
  expect(state().checkpoints.steps[0]).toBe(37);
});

test.each(['folder', 'phase'])('while one is written, as its %s tells, no step lasts longer', (teller) => {
  const { stream, state } = startBook();
  const events = stream('event_files');
  const at = train(events, { first: 0, last: 20, atSeconds: 500 });
  if (teller === 'phase') events.enter('checkpointing', { timeSeconds: at + 4 });
  else stream('checkpoints').checkpoint({ step: 20, timeSeconds: at + 4, outcome: 'complete' });
  train(events, { first: 21, last: 30, atSeconds: at + 9 });
  expect(state().times.badput).toMatchObject({ checkpoint_save: 8, other: 0 });
  expect(state().times.stepSeconds.sorted.at(-1)).toBe(1);
});
