import fc from 'fast-check';
import { restoreRun } from '../../../../exporters/training/runs/saved-run.ts';
import { identityOf, startBook, train } from '../../../support/training-book.ts';

function busyBook() {
  const started = startBook();
  const events = started.stream('event_files');
  events.framework('megatron');
  const at = train(events, { first: 1, last: 60, atSeconds: 500 });
  events.value('samples', 480, 60, at);
  started.stream('checkpoints').checkpoint({ step: 40, timeSeconds: 545, outcome: 'complete' });
  started.stream('push').phaseTime({ phase: 'forward', seconds: 0.3, memoryDeltaBytes: 42 });
  started.stream('push').scalar('my tag', 3);
  started.settle();
  return started;
}

/** A run of which everything is known that is saved. */
function fullBook() {
  const started = startBook();
  const { stream } = started;
  const identity = identityOf('a', { jobId: '7', host: 'node-1', namespace: 'research', pod: 'a-0' });
  const log = started.book.openStream(identity, 'logs', 'full');
  log?.framework('megatron');
  const events = stream('event_files');
  let at = train(events, { first: 0, last: 150, atSeconds: 500 });
  for (const name of ['learning_rate', 'samples', 'tokens', 'skipped_steps', 'nonfinite_steps'] as const) {
    events.value(name, 5, 150, at);
  }
  for (const step of [50, 100, 140]) {
    stream('checkpoints').checkpoint({ step, timeSeconds: 500 + step, outcome: 'complete' });
  }
  stream('checkpoints').checkpoint({ step: 145, timeSeconds: 700, outcome: 'failed' });
  at = train(events, { first: 141, last: 160, atSeconds: at + 60 });
  events.value('step_seconds', 0.5, 160, at);
  events.value('loss', 500, 161, at + 1);
  events.value('loss', Number.NaN, 162, at + 2);
  events.value('eval_loss', 2, 162, at + 3);
  stream('push').phaseTime({ phase: 'data_loading', seconds: 0.25, memoryDeltaBytes: 42 });
  stream('push').scalar('my tag', 3);
  log?.settle(started.time.now);
  log?.sessionStart({ step: 160, timeSeconds: at + 4 });
  return started;
}

/** Ranks are not saved, nor when the run was seen first and who told of it until it was shown. */
function comparable(state: unknown): unknown {
  return JSON.parse(
    JSON.stringify(state, (name, value) =>
      ['rankPhases', 'knownSince', 'caughtUpBy'].includes(name) ? undefined : value instanceof Map ? [...value] : value,
    ),
  );
}

test('a run goes on after a restart as if there had been none', () => {
  const before = busyBook();
  const after = startBook();
  after.book.restore(JSON.parse(JSON.stringify(before.book.save())));
  expect(comparable(after.state())).toEqual(comparable(before.state()));
  for (const { stream } of [before, after]) train(stream('event_files'), { first: 61, last: 80, atSeconds: 560 });
  expect(comparable(after.state())).toEqual(comparable(before.state()));
});

test('nothing that is saved gets lost', () => {
  const before = fullBook();
  before.state();
  const after = startBook();
  after.book.restore(JSON.parse(JSON.stringify(before.book.save())));
  expect(comparable(after.state())).toEqual(comparable(before.state()));
});

test('a run that was over is over, and is let go of when it would have been', () => {
  const before = fullBook();
  before.stream('command').enter('failed', { timeSeconds: 990, exitCode: 137 });
  before.state();
  before.book.expire();
  const after = startBook();
  after.time.now += 600;
  after.book.restore(JSON.parse(JSON.stringify(before.book.save())));
  after.book.expire();
  expect(after.state().life).toMatchObject({ phase: 'failed', endedAt: 990, exitCode: 137, seenOverAt: 1000 });
  after.time.now++;
  after.book.expire();
  expect(after.book.size()).toBe(0);
});

test('a restart that was told before the exporter stopped is not another one after it', () => {
  const before = fullBook();
  before.stream('command').enter('restarting', { timeSeconds: 990 });
  const after = startBook();
  after.book.restore(JSON.parse(JSON.stringify(before.book.save())));
  const { restarts } = after.state().life;
  after.stream('command').enter('starting', { timeSeconds: 995 });
  after.stream('command').enter('restarting', { timeSeconds: 996 });
  expect(after.state().life.restarts).toBe(restarts);
});

test('of a name alone the rest is unknown', () => {
  const run = restoreRun({ identity: { key: '/a', run: 'a' } }, (name) => (name === 'a' ? { gpus: 8 } : undefined));
  expect(run?.identity).toEqual(identityOf('a', { key: '/a', longName: '/a' }));
  expect(run?.model?.gpus).toBe(8);
  expect(restoreRun({ identity: { key: '/a' } }, () => undefined)).toBeUndefined();
  expect(restoreRun({ identity: { run: 'a' } }, () => undefined)).toBeUndefined();
});

test('no more runs are restored than there may be', () => {
  const saved = ['a', 'b', 'c'].map((run) => ({ identity: { key: run, run } }));
  const { book } = startBook({ maxRuns: 2 });
  book.restore(saved);
  expect(book.size()).toBe(2);
});

test('a histogram of other bounds begins anew, and half a point of the trail is left out', () => {
  const run = restoreRun(
    { identity: { key: 'a', run: 'a' }, stepDurations: { counts: [1, 2], sum: 3 }, times: { trail: [1, 2, 3] } },
    () => undefined,
  );
  expect(run?.stepDurations.sum).toBe(0);
  expect(run?.times.trail).toEqual([1, 2]);
});

test('a way back is seen across a restart of the exporter', () => {
  const after = startBook();
  after.book.restore(JSON.parse(JSON.stringify(busyBook().book.save())));
  train(after.stream('event_files'), { first: 41, last: 50, atSeconds: 700 });
  expect(after.state().progress).toMatchObject({ rollbacks: 1, wasted: 20 });
});

test('whatever a damaged file holds, it makes no run that breaks', () => {
  const saved = JSON.parse(JSON.stringify(busyBook().book.save())) as readonly Record<string, unknown>[];
  const fields = Object.keys(saved[0] ?? {});
  fc.assert(
    fc.property(fc.constantFrom(...fields), fc.jsonValue(), (field, value) => {
      const { book, stream } = startBook();
      book.restore([{ ...saved[0], [field]: value }]);
      if (book.size() === 0) return;
      train(stream('event_files'), { first: 61, last: 70, atSeconds: 560 });
      book.expire();
      JSON.stringify(book.save());
    }),
  );
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      startBook().book.restore(value);
      restoreRun(value, () => undefined);
    }),
  );
});
