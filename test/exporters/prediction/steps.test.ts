import { atOnce, inTurns, type Steps } from '../../../exporters/prediction/steps.ts';

function* counting(told: string[]): Steps<number> {
  for (let step = 0; step < 3; step++) {
    told.push(`step ${step}`);
    yield;
  }
  return 3;
}

test('others have their turn between two steps, and the answer is the same', async () => {
  const told: string[] = [];
  setImmediate(() => told.push('other'));
  expect(await inTurns(counting(told), new AbortController().signal)).toBe(3);
  expect(told).toEqual(['step 0', 'other', 'step 1', 'step 2']);
  expect(atOnce(counting([]))).toBe(3);
});

test('a signal ends it with its reason before the next step', async () => {
  const told: string[] = [];
  const stop = new AbortController();
  const result = inTurns(counting(told), stop.signal);
  stop.abort(new Error('the service stops'));
  await expect(result).rejects.toThrow('the service stops');
  expect(told).toEqual(['step 0']);
});
