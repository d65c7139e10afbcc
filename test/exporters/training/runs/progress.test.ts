import { startBook, train } from '../../../support/training-book.ts';

describe('a run that goes well', () => {
  test('counts its steps, with the duration of each', () => {
    const { stream, state } = startBook();
    train(stream('event_files'), { first: 1, last: 100, atSeconds: 500, apart: 2 });
    const { progress, times, stepDurations, life } = state();
    expect(progress).toMatchObject({ step: 100, steps: 100, stepAt: 698, rollbacks: 0, wasted: 0 });
    expect(times.stepSeconds.sorted).toEqual(Array(99).fill(2));
    expect(stepDurations.counts.reduce((sum, count) => sum + count, 0)).toBe(99);
    expect(life).toMatchObject({ phase: 'training', startedAt: 500, lastSignAt: 698, restarts: 0 });
  });

  test('where every tenth step is reported each counts with the mean', () => {
    const { stream, state } = startBook();
    train(stream('event_files'), { first: 10, last: 100, atSeconds: 500, apart: 2, every: 10 });
    expect(state().stepDurations).toMatchObject({ sum: 180 });
    expect(state().times.reportSeconds.sorted).toEqual(Array(9).fill(20));
  });

  test('an evaluation between two steps is no part of a step', () => {
    const { stream, state } = startBook();
    const events = stream('event_files');
    const at = train(events, { first: 1, last: 50, atSeconds: 500 });
    events.value('eval_loss', 2, 50, at + 30);
    train(events, { first: 51, last: 60, atSeconds: at + 31 });
    expect(state().times.badput.evaluation).toBe(30);
    expect(state().times.productive).toBe(59);
    expect(state().times.stepSeconds.sorted.at(-1)).toBe(1);
  });

  test('duration of a step as the framework measures it beats the time between reports', () => {
    const { stream, state } = startBook();
    const log = stream('logs');
    for (let step = 1; step <= 20; step++) {
      log.value('loss', 2, step, 100 + 5 * step);
      log.value('step_seconds', 1.5, step, 100 + 5 * step);
    }
    expect(new Set(state().times.stepSeconds.values)).toEqual(new Set([1.5]));
    expect(state().stepDurations.sum).toBeCloseTo(20 * 1.5);
  });
});

describe('several tellers of the same steps', () => {
  test('a log and event files that are behind it count each step once', () => {
    const { stream, state } = startBook();
    const log = stream('logs');
    const events = stream('event_files');
    for (let block = 0; block < 5; block++) {
      train(log, { first: block * 20 + 1, last: block * 20 + 20, atSeconds: 500 + block * 20 });
      train(events, { first: block * 20 + 1, last: block * 20 + 20, atSeconds: 500 + block * 20 });
    }
    expect(state().progress).toMatchObject({ steps: 100, rollbacks: 0, primary: 'event_files' });
    expect(state().times.productive).toBeLessThanOrEqual(100);
  });

  test('the kind that stands first says how long steps take, also where another one tells of more of them', () => {
    const { stream, state } = startBook();
    const events = stream('event_files');
    const log = stream('logs');
    train(log, { first: 0, last: 0, atSeconds: 500 });
    train(events, { first: 0, last: 0, atSeconds: 500 });
    state();
    for (let step = 1; step <= 100; step++) {
      log.value('loss', 2, step, 500 + step);
      if (step % 10 === 0) events.value('loss', 2, step, 500 + step);
    }
    expect(state().progress).toMatchObject({ primary: 'event_files', reportSteps: 10, steps: 100 });
  });

  test('the newest value is shown, also where one step tells it twice', () => {
    const { stream, state } = startBook();
    const events = stream('event_files');
    for (const value of [0.5, 0.25]) events.value('learning_rate', value, 20, 520);
    expect(state().gauges.get('learning_rate')).toEqual({ value: 0.25, step: 20 });
    events.value('learning_rate', 0.125, 21, 521);
    expect(state().gauges.get('learning_rate')).toEqual({ value: 0.125, step: 21 });
  });

  test('a second rank that writes the same is no restart', () => {
    const { stream, state } = startBook();
    train(stream('event_files', 'rank-0'), { first: 1, last: 50, atSeconds: 500 });
    train(stream('event_files', 'rank-1'), { first: 1, last: 50, atSeconds: 500.2 });
    expect(state().progress).toMatchObject({ steps: 50, rollbacks: 0 });
  });

  test('a log whose last line is read after the event file that says the end brings nothing back', () => {
    const { stream, settle, state, time } = startBook();
    const log = stream('logs');
    const events = stream('event_files');
    train(events, { first: 10, last: 60, every: 10, atSeconds: 500 });
    state();
    events.value('finished', 50, 60, 551);
    time.now = 560;
    events.settle(time.now);
    log.value('loss', 2, 60, undefined);
    settle();
    expect(state().life).toMatchObject({ phase: 'finished', endedAt: 551, restarts: 0 });
    log.value('loss', 2, 70, undefined);
    settle();
    expect(state().life).toMatchObject({ phase: 'training', restarts: 1 });
  });

  test('a value that is older than the one that is shown does not replace it', () => {
    const { stream, state } = startBook();
    stream('logs').value('learning_rate', 0.5, 20, 520);
    stream('event_files').value('learning_rate', 0.1, 10, 510);
    expect(state().gauges.get('learning_rate')?.value).toBe(0.5);
  });
});

describe('a run that goes back', () => {
  test('a log in which the writer says so, though the next step that it reports is the last one again', () => {
    const { stream, state } = startBook();
    const log = stream('logs');
    for (const step of [5, 10, 15, 20]) log.value('loss', 2, step, 500 + step);
    log.sessionStart({ step: 16, timeSeconds: 530 });
    for (const step of [20, 25]) log.value('loss', 2, step, 530 + step);
    expect(state().progress).toMatchObject({ step: 25, steps: 29, rollbacks: 1, wasted: 4 });
    expect(state().life.restarts).toBe(1);
  });

  test.each([
    ['event_files', 'logs'],
    ['logs', 'event_files'],
  ] as const)('its process was seen to be gone: one restart, if %s tell of it before %s', (...order) => {
    const { book, stream, settle, state, time } = startBook();
    const log = stream('logs');
    const events = stream('event_files');
    events.value('max_steps', 100, 1, 500);
    train(log, { first: 5, last: 20, every: 5, atSeconds: 505 });
    train(events, { first: 5, last: 20, every: 5, atSeconds: 505 });
    time.now = 530;
    settle();
    events.writerAlive(false);
    book.expire();
    expect(state().life).toMatchObject({ phase: 'failed', restarts: 0 });
    const again = {
      logs: () => {
        log.sessionStart({ step: 16 });
        for (const step of [20, 25]) log.value('loss', 2, step, undefined);
      },
      event_files: () => train(stream('event_files', 'second'), { first: 20, last: 25, every: 5, atSeconds: 550 }),
    };
    time.now = 560;
    for (const kind of order) {
      again[kind]();
      settle();
    }
    expect(state().life).toMatchObject({ phase: 'training', restarts: 1 });
    expect(state().progress).toMatchObject({ step: 25, rollbacks: 1 });
  });

  test('its process was seen to be gone, and a new event file begins before the last step: one restart', () => {
    const { book, stream, settle, state, time } = startBook();
    const events = stream('event_files');
    train(events, { first: 1, last: 20, atSeconds: 500 });
    time.now = 530;
    settle();
    events.writerAlive(false);
    book.expire();
    train(stream('event_files', 'second'), { first: 11, last: 30, atSeconds: 540 });
    expect(state().life).toMatchObject({ phase: 'training', restarts: 1 });
    expect(state().progress).toMatchObject({ rollbacks: 1, wasted: 10 });
  });

  test('twice, as a log without times tells it', () => {
    const { stream, state } = startBook();
    const log = stream('logs');
    for (const first of [1, 11, 21]) {
      if (first > 1) log.sessionStart({ step: first - 1 });
      for (let step = first; step < first + 20; step++) log.value('loss', 2, step, undefined);
    }
    expect(state().life.restarts).toBe(2);
    expect(state().progress).toMatchObject({ step: 40, rollbacks: 2, wasted: 20 });
  });

  test('a writer that goes on from a step which nobody was behind of did not go back', () => {
    const { stream, state } = startBook();
    const log = stream('logs');
    log.sessionStart({ step: 10, timeSeconds: 500 });
    for (const step of [15, 20]) log.value('loss', 2, step, 500 + step);
    expect(state().progress).toMatchObject({ step: 20, rollbacks: 0, wasted: 0 });
    log.sessionStart({ step: 20, timeSeconds: 530 });
    for (const step of [25, 30]) log.value('loss', 2, step, 530 + step);
    expect(state().progress).toMatchObject({ step: 30, rollbacks: 0, wasted: 0 });
  });

  test('in a new event file: steps and time are wasted, and the way back is recovery', () => {
    const { stream, state } = startBook();
    const at = train(stream('event_files', 'first'), { first: 1, last: 130, atSeconds: 500 });
    stream('checkpoints').checkpoint({ step: 100, timeSeconds: 600, outcome: 'complete' });
    train(stream('event_files', 'second'), { first: 101, last: 150, atSeconds: at + 60 });
    const { progress, times, life } = state();
    expect(progress).toMatchObject({ step: 150, steps: 130 + 50, rollbacks: 1, wasted: 30 });
    expect(times.badput.wasted_progress).toBeCloseTo(30, 0);
    expect(times.badput.recovery).toBeCloseTo(59, 0);
    expect(life.restarts).toBe(1);
  });

  test('in the same file, as real files have it', () => {
    const { stream, state } = startBook();
    const events = stream('event_files');
    train(events, { first: 1, last: 50, atSeconds: 500 });
    train(events, { first: 31, last: 60, atSeconds: 700 });
    expect(state().progress).toMatchObject({ step: 60, rollbacks: 1, wasted: 20, steps: 80 });
  });

  test('the writer may say to which step it goes back', () => {
    const { stream, state } = startBook();
    train(stream('event_files', 'first'), { first: 1, last: 50, atSeconds: 500 });
    const second = stream('event_files', 'second');
    second.sessionStart({ step: 25, timeSeconds: 600 });
    second.value('loss', 1, 30, 610);
    expect(state().progress).toMatchObject({ wasted: 25, step: 30 });
  });

  test('once, also where a log and event files both tell of it', () => {
    const { stream, state } = startBook();
    const log = stream('logs');
    train(log, { first: 1, last: 50, atSeconds: 500 });
    train(stream('event_files', 'first'), { first: 1, last: 50, atSeconds: 500 });
    train(log, { first: 31, last: 40, atSeconds: 700 });
    train(stream('event_files', 'second'), { first: 31, last: 40, atSeconds: 700 });
    expect(state().progress).toMatchObject({ rollbacks: 1, wasted: 20, step: 40, steps: 60 });
    expect(state().life.restarts).toBe(1);
  });

  test('what was written before and is read after it does not count again', () => {
    const { stream, state } = startBook();
    const log = stream('logs');
    const first = stream('event_files', 'first');
    train(log, { first: 1, last: 50, atSeconds: 500 });
    state();
    train(first, { first: 1, last: 40, atSeconds: 500 });
    train(log, { first: 31, last: 35, atSeconds: 700 });
    train(first, { first: 41, last: 50, atSeconds: 540 });
    expect(state().progress).toMatchObject({ rollbacks: 1, step: 35, steps: 55 });
  });

  test('a quantity that is reported a step late is no way back', () => {
    const { stream, state } = startBook();
    const events = stream('event_files');
    for (let step = 1; step <= 20; step++) {
      events.value('loss', 1, step, 500 + step);
      if (step > 1) events.value('learning_rate', 1, step - 1, 500 + step);
    }
    expect(state().progress).toMatchObject({ rollbacks: 0, steps: 20 });
  });

  test('samples and tokens go on from where they were, lost ones counted again', () => {
    const { stream, state } = startBook();
    const events = stream('event_files');
    const tell = (step: number, at: number): void => {
      events.value('loss', 1, step, at);
      events.value('samples', step * 8, step, at);
    };
    for (let step = 1; step <= 50; step++) tell(step, 500 + step);
    for (let step = 31; step <= 60; step++) tell(step, 700 + step);
    expect(state().progress.samples).toBe((50 + 30) * 8);
  });
});

describe('a log without times', () => {
  test('tells times when it is read, the steps of one look together', () => {
    const { stream, state } = startBook();
    const log = stream('logs');
    for (let look = 1; look <= 10; look++) {
      for (let step = (look - 1) * 5 + 1; step <= look * 5; step++) log.value('loss', 2, step, undefined);
      log.settle(1000 + look * 5);
    }
    expect(state().progress).toMatchObject({ step: 50, steps: 50, stepAt: 1050 });
    expect(state().times.stepSeconds.sorted.every((seconds) => seconds === 1)).toBe(true);
  });

  test('that is caught up with tells no times at all', () => {
    const { stream, state } = startBook();
    const log = stream('logs');
    for (let step = 1; step <= 50; step++) log.value('loss', 2, step, undefined);
    log.settle(undefined);
    expect(state().progress).toMatchObject({ step: 50, stepAt: undefined });
    expect(state().times.productive).toBe(0);
  });
});

test('a run that is seen from the middle counts only what is known to be its own', () => {
  const { stream, state } = startBook();
  stream('checkpoints').checkpoint({ step: 1000, timeSeconds: 400, outcome: 'complete' });
  train(stream('event_files'), { first: 1001, last: 1010, atSeconds: 500 });
  expect(state().progress.steps).toBe(10);
});

test('what led to the checkpoint at which it is first seen is not its own', () => {
  const { stream, state } = startBook();
  stream('checkpoints').checkpoint({ step: 1000, timeSeconds: 400, outcome: 'complete' });
  train(stream('event_files'), { first: 1000, last: 1010, atSeconds: 500 });
  expect(state().progress.steps).toBe(10);
});

test('a first report at a step that was saved after it is of the run itself', () => {
  const { stream, state } = startBook();
  stream('checkpoints').checkpoint({ step: 500, timeSeconds: 510, outcome: 'complete' });
  train(stream('event_files'), { first: 500, last: 510, atSeconds: 505 });
  expect(state().progress.steps).toBe(510);
});

test('a clock that is set back makes no negative time', () => {
  const { stream, state } = startBook();
  const events = stream('event_files');
  train(events, { first: 1, last: 10, atSeconds: 500 });
  train(events, { first: 11, last: 20, atSeconds: 400 });
  expect(state().progress).toMatchObject({ steps: 20, rollbacks: 0 });
  expect(Math.min(...state().times.stepSeconds.sorted)).toBeGreaterThan(0);
});

test('a loop that says nothing but its steps has steps', () => {
  const { stream, state } = startBook();
  const push = stream('push');
  for (let step = 1; step <= 5; step++) push.enter('training', { step, timeSeconds: 900 + 2 * step });
  expect(state().progress).toMatchObject({ step: 5, steps: 5, stepAt: 910 });
  expect(state().times.stepSeconds.values).toEqual([2, 2, 2, 2]);
});

test('event files that tell a loss and no step leave the clock to the log', () => {
  const { stream, state } = startBook();
  const events = stream('event_files');
  const log = stream('logs');
  for (let step = 1; step <= 20; step++) {
    events.value('loss', 2, undefined, 900 + step);
    log.value('learning_rate', 1, step, 900 + step);
    log.value('loss', 2, step, 900 + step);
  }
  expect(state().progress).toMatchObject({ primary: 'logs', steps: 20 });
  expect(state().times.productive).toBe(19);
  expect(state().loss.reported).toBe(20);
});

test('an evaluation is no part of each step', () => {
  const { stream, state } = startBook();
  const log = stream('logs');
  train(log, { first: 10, last: 50, atSeconds: 900, every: 10 });
  log.value('evaluation_seconds', 30, 50, 941);
  expect(state().phases.get('evaluation')?.durations.sum).toBe(30);
});
