import { addPause, pauseIn } from '../../../../exporters/training/runs/pauses.ts';
import { createRunState } from '../../../../exporters/training/runs/run-state.ts';
import { identityOf } from '../../../support/training-book.ts';

/** A run that was paused for an evaluation at each of these times. */
function pausedAt(...times: readonly number[]) {
  const run = createRunState(identityOf('a'), { model: undefined, knownSince: 0 });
  for (const atSeconds of times) addPause(run, 'evaluation', atSeconds);
  return run;
}

test.each([
  [100, undefined],
  [101, 'evaluation'],
  [200, 'evaluation'],
  [201, undefined],
])('a pause at %d s is one of the span from 100 to 200 s: %p', (at, found) => {
  expect(pauseIn(pausedAt(at), { from: 100, to: 200, isLong: false })).toBe(found);
});

test.each([
  [90, undefined],
  [91, 'evaluation'],
  [210, 'evaluation'],
  [211, undefined],
])('a pause at %d s explains that the span was long: %p', (at, found) => {
  expect(pauseIn(pausedAt(at), { from: 100, to: 200, isLong: true })).toBe(found);
});

test('one in the span is likelier than one beside it, and the last in it than the first', () => {
  const run = pausedAt(95);
  addPause(run, 'checkpoint_save', 150);
  expect(pauseIn(run, { from: 100, to: 200, isLong: true })).toBe('checkpoint_save');
  addPause(run, 'evaluation', 350);
  addPause(run, 'checkpoint_save', 360);
  expect(pauseIn(run, { from: 300, to: 400, isLong: true })).toBe('checkpoint_save');
});

test('a pause explains one span', () => {
  const run = pausedAt(195);
  expect(pauseIn(run, { from: 100, to: 200, isLong: true })).toBe('evaluation');
  expect(pauseIn(run, { from: 200, to: 300, isLong: true })).toBeUndefined();
});

test('what is over is forgotten, and what may belong to the next span is kept', () => {
  const run = pausedAt(120, 190, 191, 205);
  pauseIn(run, { from: 100, to: 200, isLong: false });
  expect(run.progress.pauses.map(({ atSeconds }) => atSeconds)).toEqual([205]);
  const other = pausedAt(92, 93, 191, 205);
  pauseIn(other, { from: 300, to: 301, isLong: false });
  expect(other.progress.pauses).toEqual([]);
});

test('the newest are kept, and one at an unknown time is none', () => {
  const run = pausedAt(...Array.from({ length: 100 }, (_, index) => index));
  addPause(run, 'evaluation', undefined);
  expect(run.progress.pauses).toHaveLength(64);
  expect(run.progress.pauses.at(0)?.atSeconds).toBe(36);
});
