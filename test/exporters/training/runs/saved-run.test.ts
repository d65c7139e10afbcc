import fc from 'fast-check';
import { restoreRun } from '../../../../exporters/training/runs/saved-run.ts';
import { startBook, train } from '../../../support/training-book.ts';

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
