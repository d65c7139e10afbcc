import type { RunStream } from '../../../../exporters/training/journal.ts';
import { identityOf, startBook, train } from '../../../support/training-book.ts';

describe('the life of a run', () => {
  test('it ends when it is silent for too long, and is let go of later', () => {
    const { book, stream, state, time } = startBook({ idleSeconds: 100, retentionSeconds: 50 });
    time.now = 1009;
    train(stream('event_files'), { first: 1, last: 10, atSeconds: 1000 });
    time.now = 1108;
    book.expire();
    expect(state().life.phase).toBe('training');
    time.now = 1109;
    book.expire();
    expect(state().life).toMatchObject({ phase: 'ended', endedAt: 1009 });
    time.now = 1159;
    book.expire();
    expect(book.size()).toBe(1);
    time.now = 1160;
    book.expire();
    expect(book.size()).toBe(0);
  });

  test('one that writes again is there again, with all it had', () => {
    const { book, stream, state, time } = startBook({ idleSeconds: 100, retentionSeconds: 50 });
    const events = stream('event_files');
    train(events, { first: 1, last: 10, atSeconds: 1000 });
    for (const now of [2000, 2100]) {
      time.now = now;
      book.expire();
    }
    expect(book.size()).toBe(0);
    train(events, { first: 11, last: 12, atSeconds: 2100 });
    expect(state().progress.steps).toBe(12);
    expect(state().life).toMatchObject({ phase: 'training', restarts: 1, endedAt: undefined });
  });

  test.each(['logs', 'checkpoints', 'command'] as const)(
    'its %s and a new file tell of the same run after it was let go of',
    (kind) => {
      const { book, stream, state, time } = startBook({ idleSeconds: 100, retentionSeconds: 50 });
      const old = stream(kind);
      train(stream('event_files'), { first: 1, last: 10, atSeconds: 1000 });
      for (const now of [2000, 2100]) {
        time.now = now;
        book.expire();
      }
      train(stream('event_files', 'event_files-2'), { first: 11, last: 12, atSeconds: 2100 });
      old.checkpoint({ outcome: 'complete', step: 12, timeSeconds: 2102 });
      expect(book.size()).toBe(1);
      expect(state().progress.steps).toBe(12);
      expect(state().checkpoints.complete).toBe(1);
    },
  );

  test.each(['checkpoints', 'command'] as const)('one with nothing but its %s is there again as well', (kind) => {
    const { book, stream, time } = startBook({ idleSeconds: 100, retentionSeconds: 50 });
    const only = stream(kind);
    only.checkpoint({ outcome: 'complete', step: 12, timeSeconds: 1000 });
    for (const now of [2000, 2100]) {
      time.now = now;
      book.expire();
    }
    expect(book.size()).toBe(0);
    only.checkpoint({ outcome: 'complete', step: 13, timeSeconds: 2102 });
    expect(book.size()).toBe(1);
  });

  test('one of which only pushes told begins anew after it was let go of', () => {
    const { book, stream, state, time } = startBook({ idleSeconds: 100, retentionSeconds: 50 });
    train(stream('push'), { first: 1, last: 10, atSeconds: 1000 });
    for (const now of [2000, 2100]) {
      time.now = now;
      book.expire();
    }
    train(stream('push'), { first: 11, last: 12, atSeconds: 2100 });
    expect(state().life.restarts).toBe(0);
  });

  test('a process that is there keeps a run alive that says nothing', () => {
    const { book, stream, state, time } = startBook({ idleSeconds: 100 });
    const events = stream('event_files');
    train(events, { first: 1, last: 10, atSeconds: 1000 });
    time.now = 1500;
    events.writerAlive(true);
    book.expire();
    expect(state().life).toMatchObject({ phase: 'training', alive: true });
  });

  test.each([
    ['before its last step has failed', 100, 'failed'],
    ['after its last step has finished', 10, 'finished'],
    ['of which nobody knows the last step has ended', undefined, 'ended'],
  ])('a process that is gone %s', (_, maxSteps, phase) => {
    const { book, stream, state } = startBook();
    const events = stream('event_files');
    train(events, { first: 1, last: 10, atSeconds: 990 });
    if (maxSteps !== undefined) events.value('max_steps', maxSteps, 10, 999);
    events.writerAlive(false);
    book.expire();
    expect(state().life.phase).toBe(phase);
  });

  test('one that has steps left and is silent for too long has failed', () => {
    const { book, stream, state, time } = startBook({ idleSeconds: 100 });
    const events = stream('event_files');
    train(events, { first: 1, last: 10, atSeconds: 990 });
    events.value('max_steps', 100, 10, 999);
    time.now = 1099;
    book.expire();
    expect(state().life).toMatchObject({ phase: 'failed', endedAt: 999 });
  });

  test('a run that did all its steps is given a minute for its last checkpoint', () => {
    const { book, stream, state, time } = startBook();
    const events = stream('event_files');
    train(events, { first: 1, last: 10, atSeconds: 990 });
    events.value('max_steps', 10, 10, 999);
    time.now = 1058;
    book.expire();
    expect(state().life.phase).toBe('training');
    time.now = 1059;
    book.expire();
    expect(state().life.phase).toBe('finished');
  });

  test('that it is started again is told before its first step, and once', () => {
    const { stream, state } = startBook();
    const command = stream('command');
    train(command, { first: 1, last: 10, atSeconds: 910 });
    for (const timeSeconds of [930, 931]) command.enter('restarting', { timeSeconds, exitCode: 1 });
    expect(state().life).toMatchObject({ phase: 'restarting', restarts: 1, exitCode: 1 });
    train(command, { first: 11, last: 20, atSeconds: 950 });
    command.enter('restarting', { timeSeconds: 960 });
    expect(state().life).toMatchObject({ phase: 'restarting', restarts: 2, exitCode: 1 });
  });

  test('the step of its last line is no step that was done', () => {
    const { stream, state } = startBook();
    const events = stream('event_files');
    train(events, { first: 1, last: 10, atSeconds: 900 });
    events.value('finished', 12.5, 99, 912);
    expect(state().progress).toMatchObject({ step: 10, steps: 10 });
  });

  test('what a wrapped command says counts', () => {
    const { stream, state } = startBook();
    const command = stream('command');
    command.enter('starting', { timeSeconds: 900 });
    train(command, { first: 1, last: 10, atSeconds: 910 });
    command.enter('restarting', { timeSeconds: 930, exitCode: 1 });
    train(command, { first: 1, last: 5, atSeconds: 950 });
    command.enter('finished', { timeSeconds: 960, exitCode: 0 });
    expect(state().life).toMatchObject({ phase: 'finished', exitCode: 0, restarts: 1, startedAt: 900, endedAt: 960 });
    expect(state().progress).toMatchObject({ rollbacks: 1, wasted: 10 });
    expect(state().times.badput.startup).toBe(10);
  });

  test('the last line of a framework ends the run', () => {
    const { stream, state } = startBook();
    const log = stream('logs');
    train(log, { first: 1, last: 10, atSeconds: 900 });
    log.value('finished', 12.5, 10, 912);
    expect(state().life).toMatchObject({ phase: 'finished', endedAt: 912 });
  });
});

describe('a loss that is not finite', () => {
  test.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])('%p is told, and not shown', (loss) => {
    const { stream, state } = startBook();
    const events = stream('event_files');
    train(events, { first: 1, last: 10, atSeconds: 900 });
    events.value('loss', loss, 11, 910);
    events.value('loss', loss, 12, 911);
    expect(state().loss.isFinite).toBe(false);
    expect(state().progress.nonfiniteLosses).toBe(2);
    expect(state().gauges.has('loss')).toBe(false);
    expect(state().loss.window.values.every(Number.isFinite)).toBe(true);
    events.value('loss', 3, 13, 912);
    expect(state().loss.isFinite).toBe(true);
    expect(state().progress.steps).toBe(13);
  });

  test('is one too where the framework leaves it out', () => {
    const { stream, state } = startBook();
    const log = stream('logs');
    train(log, { first: 1, last: 10, atSeconds: 900 });
    log.value('nonfinite_steps', 1, 11, 910);
    log.lossMissing({ step: 11, timeSeconds: 910 });
    expect(state().loss.isFinite).toBe(false);
    expect(state().progress.nonfiniteCounted).toBe(1);
    expect(state().gauges.has('loss')).toBe(false);
  });

  test('never gets into a counter', () => {
    const { stream, state } = startBook();
    const log = stream('logs');
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY]) {
      log.value('samples', bad, 1, 900);
      log.value('tokens', bad, 1, 900);
      log.value('skipped_steps', bad, 1, 900);
      log.value('step_seconds', bad, 1, 900);
      log.phaseTime({ phase: 'forward', seconds: bad });
      log.phaseTime({ phase: 'forward', seconds: 1, rank: bad });
      log.value('loss', 1, bad, 900);
    }
    const { progress, stepDurations } = state();
    expect(progress).toMatchObject({ samples: 0, tokens: 0, skipped: 0, steps: 1 });
    expect(stepDurations.sum).toBe(0);
  });
});

describe('limits', () => {
  test('of runs: further ones are refused and counted once each', () => {
    const { book, ledger } = startBook({ maxRuns: 2 });
    for (const name of ['a', 'b', 'c', 'c', 'd']) book.openStream(identityOf(name), 'logs', 'x');
    expect(book.size()).toBe(2);
    expect(ledger.counts().dropped.get('runs')).toBe(2);
  });

  test('of scalars, phases and ranks', () => {
    const { stream, state, ledger } = startBook({ maxScalars: 2, maxRanks: 2 });
    const push = stream('push');
    for (let index = 0; index < 5; index++) {
      push.scalar(`tag ${index}`, index);
      push.phaseTime({ phase: 'forward', seconds: 1, rank: index });
    }
    for (let index = 0; index < 40; index++) push.phaseTime({ phase: `phase ${index}`, seconds: 1 });
    expect([...state().scalars.keys()]).toEqual(['tag 0', 'tag 1']);
    expect(state().phases.size).toBe(33);
    expect(state().phases.get('other')?.durations.sum).toBe(9);
    expect(Object.fromEntries(ledger.counts().dropped)).toEqual({ scalars: 3, ranks: 3, phases: 9 });
  });

  test('of streams that are gone', () => {
    const { stream, state } = startBook();
    for (let index = 0; index < 300; index++) {
      const events = stream('event_files', `file ${index}`);
      train(events, { first: index * 10 + 1, last: index * 10 + 10, atSeconds: 1000 + index * 10 });
      events.close();
    }
    expect(state().streams.size).toBeLessThanOrEqual(65);
    expect(state().progress.steps).toBe(3000);
  });
});

test('a file that is gone still tells that a new one goes back', () => {
  const { stream, state } = startBook();
  const first = stream('event_files', 'first');
  train(first, { first: 1, last: 50, atSeconds: 500 });
  first.close();
  stream('event_files', 'empty').close();
  train(stream('event_files', 'second'), { first: 31, last: 60, atSeconds: 700 });
  expect(state().progress).toMatchObject({ rollbacks: 1, wasted: 20 });
  expect([...state().streams.keys()]).toEqual(['first', 'second']);
});

test('a clock that is ahead does not keep a run alive', () => {
  const { book, stream, state, time } = startBook({ idleSeconds: 100 });
  train(stream('event_files'), { first: 1, last: 10, atSeconds: 5000 });
  state();
  time.now = 1100;
  book.expire();
  expect(state().life).toMatchObject({ phase: 'ended', lastSignAt: 1000, endedAt: 1000 });
});

test('what the mapping says of a model counts from then on, for the runs that are there too', () => {
  const { book, stream, state } = startBook({}, () => ({ gpus: 1 }));
  train(stream('event_files'), { first: 1, last: 2, atSeconds: 900 });
  expect(state().model?.gpus).toBe(1);
  book.setModels((run) => (run === 'a' ? { gpus: 2 } : { gpus: 3 }));
  train(stream('event_files', 'x', identityOf('b')), { first: 1, last: 2, atSeconds: 900 });
  expect([state('a').model?.gpus, state('b').model?.gpus]).toEqual([2, 3]);
});

describe('labels', () => {
  test('two folders of one name are told apart', () => {
    const { book, stream, settle } = startBook();
    train(stream('event_files', 'x', identityOf('exp', { key: '/a/exp', longName: '/a/exp' })), {
      first: 1,
      last: 2,
      atSeconds: 1,
    });
    train(stream('event_files', 'y', identityOf('exp', { key: '/b/exp', longName: '/b/exp' })), {
      first: 1,
      last: 2,
      atSeconds: 1,
    });
    settle();
    expect(book.shown().map(({ labels }) => labels.run)).toEqual(['exp', '/b/exp']);
  });

  test('a run that goes on under another job takes its id', () => {
    const { book, stream, settle } = startBook();
    train(stream('event_files', 'x', identityOf('a', { jobId: '7' })), { first: 1, last: 2, atSeconds: 1 });
    train(stream('event_files', 'y', identityOf('a', { jobId: '8' })), { first: 3, last: 4, atSeconds: 9 });
    stream('logs', 'z', identityOf('a'));
    settle();
    expect(book.shown().map(({ labels }) => labels.job_id)).toEqual(['8']);
  });

  test('a newer source knows better where the run is, and what it does not know stays', () => {
    const { stream, state } = startBook();
    const first = { host: 'node-1', namespace: 'x', pod: 'a-0' };
    train(stream('event_files', 'x', identityOf('a', first)), { first: 1, last: 2, atSeconds: 1 });
    expect(state().identity).toMatchObject(first);
    stream('logs', 'y', identityOf('a'));
    expect(state().identity).toMatchObject(first);
    const second = { host: 'node-2', namespace: 'y', pod: 'a-1' };
    stream('logs', 'z', identityOf('a', second));
    expect(state().identity).toMatchObject(second);
  });

  test('the same folder name under two jobs needs no path', () => {
    const { book, stream, settle } = startBook();
    for (const jobId of ['1', '2']) {
      train(stream('logs', jobId, identityOf('exp', { key: jobId, jobId })), { first: 1, last: 2, atSeconds: 1 });
    }
    settle();
    expect(book.shown().map(({ labels }) => labels.run)).toEqual(['exp', 'exp']);
  });

  test('the first framework that shows stays, and a folder that says nothing is no run', () => {
    const { book, stream, settle } = startBook();
    const log = stream('logs');
    expect(book.shown()).toEqual([]);
    log.framework('megatron');
    stream('event_files').framework('lightning');
    settle();
    expect(book.shown().map(({ labels }) => labels.framework)).toEqual(['megatron']);
  });
});

test.each<[string, (stream: RunStream) => void]>([
  ['a framework', (stream) => stream.framework('megatron')],
  ['a step', (stream) => stream.phaseTime({ phase: 'forward', seconds: Number.NaN, step: 1 })],
  ['what it does', (stream) => stream.enter('evaluating', {})],
  ['a value', (stream) => stream.value('epoch', 1, undefined, 900)],
  ['a scalar', (stream) => stream.scalar('my tag', 1)],
  ['a phase', (stream) => stream.phaseTime({ phase: 'forward', seconds: 1 })],
  ['a checkpoint', (stream) => stream.checkpoint({ outcome: 'complete' })],
])('a run shows up with %s', (_what, tell) => {
  const { book, stream } = startBook();
  const push = stream('push');
  expect(book.shown()).toEqual([]);
  tell(push);
  expect(book.shown()).toHaveLength(1);
});

describe('old files of a run', () => {
  test('are read before it is shown, since what they hold is no news', () => {
    const { book, stream, time } = startBook();
    const events = stream('event_files');
    const log = stream('logs');
    train(events, { first: 1, last: 10, atSeconds: 900 });
    events.settle(undefined);
    expect(book.shown()).toEqual([]);
    events.settle(time.now);
    expect(book.shown()).toEqual([]);
    log.close();
    expect(book.shown()).toHaveLength(1);
  });

  test.each(['event_files', 'logs', 'rank_logs', 'trainer_state', 'checkpoints'] as const)(
    'of kind %s hide it until they are read, if they hold hours',
    (kind) => {
      const { book, stream, time } = startBook();
      const opened = stream(kind);
      opened.framework('megatron');
      expect(book.shown()).toHaveLength(['trainer_state', 'checkpoints'].includes(kind) ? 1 : 0);
      opened.settle(time.now);
      expect(book.shown()).toHaveLength(1);
    },
  );

  test('that are never read to their end do not hide it for ever', () => {
    const { book, stream, time } = startBook();
    train(stream('event_files'), { first: 1, last: 10, atSeconds: 900 });
    time.now = 1060;
    expect(book.shown()).toEqual([]);
    time.now = 1061;
    expect(book.shown()).toHaveLength(1);
  });

  test('that come later are of now where they tell no time', () => {
    const { stream, state, time } = startBook();
    train(stream('event_files', 'first'), { first: 1, last: 10, atSeconds: 900 });
    state();
    time.now = 1050;
    stream('logs').enter('finished', {});
    expect(state().life).toMatchObject({ phase: 'finished', endedAt: 1050 });
  });

  test('that come later do not hide it again', () => {
    const { book, stream, settle } = startBook();
    train(stream('event_files', 'first'), { first: 1, last: 10, atSeconds: 900 });
    settle();
    expect(book.shown()).toHaveLength(1);
    stream('event_files', 'second');
    expect(book.shown()).toHaveLength(1);
  });
});

test('a checkpoint that a crash tore has not failed, one that stays incomplete has', () => {
  const { stream, state } = startBook();
  const events = stream('event_files');
  const checkpoints = stream('checkpoints');
  train(events, { first: 1, last: 50, atSeconds: 500 });
  train(events, { first: 31, last: 60, atSeconds: 700 });
  checkpoints.checkpoint({ step: 50, timeSeconds: 550, outcome: 'failed' });
  expect(state().checkpoints.failed).toBe(0);
  checkpoints.checkpoint({ step: 60, timeSeconds: 730, outcome: 'failed' });
  expect(state().checkpoints.failed).toBe(1);
});

test('an old log without times does not bring its run to life', () => {
  const { book, stream, time } = startBook({ idleSeconds: 100, retentionSeconds: 1000 });
  time.now = 10_000;
  const log = stream('logs');
  log.value('loss', 2, 1, undefined);
  log.enter('checkpointing', {});
  log.checkpoint({ step: 1, outcome: 'complete' });
  log.value('eval_loss', 2, 1, undefined);
  log.settle(5000);
  book.expire();
  const [shown] = book.shown();
  expect(shown?.state.life).toMatchObject({ phase: 'ended', startedAt: 5000, lastSignAt: 5000 });
  log.enter('training', {});
  expect(shown?.state.life.lastSignAt).toBe(10_000);
});

test('a run of which only the beginning is heard is shown as starting after a while', () => {
  const { book, stream, settle, time } = startBook();
  stream('event_files').sessionStart({ timeSeconds: 990 });
  settle();
  time.now = 1060;
  expect(book.shown()).toEqual([]);
  time.now = 1061;
  const [shown] = book.shown();
  expect(shown?.labels.framework).toBe('unknown');
  expect(shown?.state.life).toMatchObject({ phase: 'starting', startedAt: 990 });
});
