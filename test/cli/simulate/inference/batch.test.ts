import {
  type BatchObserver,
  type BatchShape,
  createBatch,
  type Sequence,
  type Token,
} from '../../../../cli/simulate/inference/engine/batch.ts';
import { createHeldTime } from './held-time.ts';

const shape: BatchShape = { places: 2, cacheTokens: 1000, stepSeconds: 0.1, prefillTokensPerSecond: 1000 };

function start(given: Partial<BatchShape> = {}, slowness = () => 1) {
  const time = createHeldTime();
  const told: string[] = [];
  const observer: BatchObserver = {
    started: (_, seconds) => told.push(`started after ${seconds.toFixed(2)}`),
    firstToken: (_, seconds) => told.push(`first token after ${seconds.toFixed(2)}`),
    nextToken: (seconds) => told.push(`next token after ${seconds.toFixed(2)}`),
    finished: (_, { wholeSeconds, secondsAfterFirstToken }) =>
      told.push(`finished after ${wholeSeconds.toFixed(2)}, ${secondsAfterFirstToken.toFixed(2)} since the first`),
    preempted: () => told.push('preempted'),
  };
  const batch = createBatch({ ...shape, ...given }, { ...time, observer, slowness });
  const add = (sequence: Partial<Sequence> = {}) => {
    const tokens: Token[] = [];
    const leave = batch.add({
      promptTokens: 100,
      cachedTokens: 0,
      answerTokens: 2,
      holdAfterTokens: undefined,
      onToken: (token) => tokens.push(token),
      ...sequence,
    });
    return { leave, tokens };
  };
  return { time, told, batch, add };
}

test('the first token takes the prompt and a step, each further one a step', () => {
  const { time, told, add } = start();
  const { tokens } = add();
  while (time.isSet()) time.ring();
  expect(tokens).toEqual([
    { number: 1, isLast: false },
    { number: 2, isLast: true },
  ]);
  expect(told).toEqual([
    'started after 0.00',
    'first token after 0.20',
    'next token after 0.10',
    'finished after 0.30, 0.10 since the first',
  ]);
});

test('tokens of a prompt that are in the cache take no time', () => {
  const { time, add } = start();
  add({ cachedTokens: 60 });
  expect(time.ring()).toBeCloseTo(0.14);
});

test('more than there are places for wait, and come in as others end', () => {
  const { time, told, batch, add } = start();
  add({ answerTokens: 2 });
  add({ answerTokens: 9 });
  add({ answerTokens: 1 });
  expect([batch.running(), batch.waiting()]).toEqual([1, 2]);
  time.ring();
  // What came during a step comes in at its end.
  expect([batch.running(), batch.waiting()]).toEqual([2, 1]);
  time.ring();
  expect([batch.running(), batch.waiting()]).toEqual([2, 0]);
  expect(told).toContain('started after 0.40');
  while (time.isSet()) time.ring();
  expect([batch.running(), batch.waiting(), batch.cacheRatio()]).toEqual([0, 0, 0]);
  expect(told.filter((line) => line.startsWith('finished'))).toHaveLength(3);
});

test('whoever does not fit into the cache waits, and whoever makes it overflow goes back to the queue and loses no token', () => {
  const { time, told, batch, add } = start({ cacheTokens: 212 });
  const first = add({ answerTokens: 10 });
  const second = add({ answerTokens: 10 });
  time.ring();
  expect(batch.running()).toBe(2);
  while (time.isSet()) time.ring();
  expect(told.filter((line) => line === 'preempted')).toHaveLength(1);
  for (const { tokens } of [first, second])
    expect(tokens.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  expect(told.filter((line) => line.startsWith('started'))).toHaveLength(2);
});

test('an answer that is held stops at its token, keeps its place until it is taken out, and holds up nobody else', () => {
  const { time, batch, add } = start();
  const held = add({ answerTokens: 9, holdAfterTokens: 2 });
  const other = add({ answerTokens: 4 });
  while (time.isSet()) time.ring();
  expect(held.tokens).toHaveLength(2);
  expect(other.tokens).toHaveLength(4);
  expect(batch.running()).toBe(1);
  held.leave();
  expect(batch.running()).toBe(0);
  expect(time.isSet()).toBe(false);
});

test('whoever leaves while waiting is never begun', () => {
  const { time, told, add } = start({ places: 1 });
  add();
  const { leave, tokens } = add();
  leave();
  while (time.isSet()) time.ring();
  expect(tokens).toEqual([]);
  expect(told.filter((line) => line.startsWith('started'))).toHaveLength(1);
});

test('a slow engine takes longer for everything', () => {
  let slowness = 1;
  const { time, add } = start({}, () => slowness);
  add({ answerTokens: 3 });
  expect(time.ring()).toBeCloseTo(0.2);
  slowness = 20;
  expect(time.ring()).toBeCloseTo(0.1);
  expect(time.ring()).toBeCloseTo(2);
});
