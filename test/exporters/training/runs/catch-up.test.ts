import { startBook, train } from '../../../support/training-book.ts';

type Book = ReturnType<typeof startBook>;

/** A run of 60 steps that was killed after step 48 and went on from step 40, as each of its files tells it to who comes later. */
const tellers = {
  state: ({ stream }: Book) => {
    const state = stream('trainer_state');
    state.value('loss', 2, 60, 600);
    state.value('epoch', 3, 60, 600);
    state.settle(600);
  },
  events: ({ stream }: Book) => {
    train(stream('event_files', 'first'), { first: 3, last: 48, every: 3, atSeconds: 503 });
    train(stream('event_files', 'second'), { first: 42, last: 60, every: 3, atSeconds: 582 });
  },
  log: ({ stream }: Book) => {
    const log = stream('logs');
    for (let step = 3; step <= 48; step += 3) log.value('loss', 2, step, undefined);
    log.sessionStart({ step: 40 });
    for (let step = 42; step <= 60; step += 3) log.value('loss', 2, step, undefined);
    log.settle(undefined);
  },
};

describe.each([
  ['state', 'log', 'events'],
  ['events', 'log', 'state'],
  ['log', 'events', 'state'],
  ['state', 'events', 'log'],
] as const)('files of a run that are found later, %s first, then %s and %s', (...order) => {
  function caughtUp() {
    const book = startBook();
    const { stream, time } = book;
    stream('event_files', 'first');
    stream('event_files', 'second');
    for (const step of [20, 40, 60])
      stream('checkpoints').checkpoint({ step, timeSeconds: 500 + step, outcome: 'complete' });
    for (const name of order) tellers[name](book);
    time.now = 700;
    return book;
  }

  test('count what happened once, with the times of the event files', () => {
    const { progress, times, life, loss } = caughtUp().state();
    expect(progress).toMatchObject({ step: 60, steps: 48 + 20, rollbacks: 1, wasted: 8 });
    expect(life.restarts).toBe(1);
    expect(times.productive).toBeGreaterThan(50);
    expect(loss.window?.values.length ?? 0).toBeLessThan(30);
  });

  test('and go on from there', () => {
    const book = caughtUp();
    book.state();
    const log = book.stream('logs');
    log.value('loss', 2, 63, undefined);
    log.settle(703);
    expect(book.state().progress).toMatchObject({ step: 63, steps: 71, rollbacks: 1, wasted: 8 });
  });
});

test('durations of steps that two kinds of files tell count once', () => {
  const book = startBook();
  const log = book.stream('logs');
  const events = book.stream('event_files');
  for (const each of [log, events]) train(each, { first: 1, last: 20, atSeconds: 500 });
  const { stepDurations } = book.state();
  expect(stepDurations.counts.reduce((sum, count) => sum + count, 0)).toBe(19);
  expect(stepDurations.sum).toBe(19);
});

test('where there is no event file the log tells, also if it is read after the trainer state', () => {
  const book = startBook();
  tellers.state(book);
  tellers.log(book);
  expect(book.state().progress).toMatchObject({ step: 60, steps: 68, rollbacks: 1, wasted: 8 });
});
