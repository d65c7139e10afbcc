import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { withDeadline } from '../../kit/deadline.ts';

const late = new Error('too late');
const never = new AbortController().signal;

function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
}

/** Asks again and again, as long as it may, with nobody else who holds the signal. */
async function ask(signal: AbortSignal): Promise<string> {
  for (let turn = 0; turn < 400; turn += 1) {
    signal.throwIfAborted();
    collectGarbage();
    await sleep(1);
  }
  return 'was never told to stop';
}

test('the deadline comes, however much is collected before', async () => {
  await expect(withDeadline({ ms: 20, late, outer: never }, ask)).rejects.toBe(late);
});

test('whoever stops earlier is heard, and what is done in time is given', async () => {
  const outer = new AbortController();
  setTimeout(() => outer.abort(new Error('enough')), 5);
  await expect(withDeadline({ ms: 60_000, late, outer: outer.signal }, ask)).rejects.toThrow('enough');
  await expect(withDeadline({ ms: 60_000, late, outer: outer.signal }, ask)).rejects.toThrow('enough');
  expect(await withDeadline({ ms: 60_000, late, outer: never }, async () => 7)).toBe(7);
});

test('work that does not listen is left alone at its deadline', async () => {
  const deaf = (): Promise<number> => new Promise(() => undefined);
  await expect(withDeadline({ ms: 20, late, outer: never }, deaf)).rejects.toBe(late);
});
