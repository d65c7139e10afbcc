import type { RunStream } from '../../../../exporters/training/journal.ts';
import { identityOf, startBook, train } from '../../../support/training-book.ts';

test('ranks wait for data at the same time: the one that waits longest counts', () => {
  const { stream, state } = startBook();
  const events = stream('event_files');
  const ranks = Array.from({ length: 8 }, (_, rank) => stream('rank_logs', `rank-${rank}`));
  train(events, { first: 0, last: 10, atSeconds: 500 });
  for (let step = 11; step <= 20; step++) {
    for (const [rank, log] of ranks.entries()) {
      const seconds = rank === 5 ? 0.25 : 0.125;
      log.phaseTime({ phase: 'data_loading', seconds, rank, timeSeconds: 500 + step });
    }
    events.value('loss', 2, step, 500 + step);
  }
  expect(state().times.badput.data_loading).toBe(10 * 0.25);
  expect(state().times.productive).toBe(20 - 10 * 0.25);
  expect(state().phases.get('data_loading')?.durations.sum).toBeCloseTo(10 * (7 * 0.125 + 0.25));
});

test('what a run as a whole waits for data counts in each step, and once', () => {
  const { stream, state } = startBook();
  const push = stream('push');
  train(push, { first: 0, last: 10, atSeconds: 500 });
  push.phaseTime({ phase: 'data_loading', seconds: 0.25 });
  push.phaseTime({ phase: 'data_loading', seconds: 0.125 });
  train(push, { first: 11, last: 12, atSeconds: 511 });
  expect(state().times.badput.data_loading).toBe(0.375);
});

test('a phase that a framework reports each tenth step stands for ten steps', () => {
  const { stream, state } = startBook();
  const log = stream('logs');
  for (let step = 10; step <= 50; step += 10) {
    log.value('loss', 2, step, 500 + step);
    log.value('forward_seconds', 0.5, step, 500 + step);
  }
  expect(state().phases.get('forward')?.durations.sum).toBe((1 + 4 * 10) * 0.5);
});

test.each([undefined, 3])('a time that is told once for many counts as often as it happened, of rank %p', (rank) => {
  const { stream, state } = startBook();
  const push = stream('push');
  train(push, { first: 0, last: 10, atSeconds: 500 });
  push.phaseTime({ phase: 'data_loading', seconds: 0.0625, times: 4, rank });
  train(push, { first: 11, last: 12, atSeconds: 511 });
  expect(state().phases.get('data_loading')?.durations.sum).toBe(0.25);
  expect(state().times.badput.data_loading).toBe(0.25);
});

test('of a phase that two kinds of sources tell one counts', () => {
  const { stream, state } = startBook();
  const tellers = { log: stream('logs'), events: stream('event_files') };
  train(tellers.log, { first: 0, last: 1, atSeconds: 500 });
  state();
  for (const name of ['log', 'events', 'log'] as const) tellers[name].value('forward_seconds', 0.5, 1, 501);
  expect(state().phases.get('forward')?.durations.sum).toBe(1);
});

test.each([-1, Number.NaN, Number.POSITIVE_INFINITY])('%p seconds are no duration', (seconds) => {
  const { stream, state, ledger } = startBook();
  const push = stream('push');
  push.phaseTime({ phase: 'forward', seconds: 0 });
  push.phaseTime({ phase: 'forward', seconds, rank: 0 });
  const { phases, rankPhases } = state();
  expect(phases.get('forward')?.durations).toMatchObject({ sum: 0, counts: expect.arrayContaining([1]) });
  expect(rankPhases.size).toBe(0);
  expect(ledger.counts().dropped.get('ranks')).toBe(1);
});

test('memory of a phase is the last that was finite', () => {
  const { stream, state } = startBook();
  const push = stream('push');
  for (const memoryDeltaBytes of [64, 32, Number.NaN, undefined]) {
    push.phaseTime({ phase: 'forward', seconds: 1, memoryDeltaBytes });
  }
  expect(state().phases.get('forward')?.memoryDeltaBytes).toBe(32);
});

test('ranks are compared in 32 phases, and those go on beyond', () => {
  const { stream, state, ledger } = startBook();
  const push = stream('push');
  for (let index = 0; index < 40; index++) push.phaseTime({ phase: `phase ${index}`, seconds: 1, rank: 0 });
  expect(ledger.counts().dropped.get('ranks')).toBe(8);
  push.phaseTime({ phase: 'phase 31', seconds: 1, rank: 1 });
  expect(state().rankPhases.get('phase 31')?.ranks.size).toBe(2);
  expect(state().rankPhases.size).toBe(32);
});

test.each([
  ['rank_logs', false, 3],
  ['rank_logs', true, 1],
  ['push', false, undefined],
] as const)(
  'ranks of kind %s tell the steps of a run: where somebody else does (%p) it is at step %p',
  (kind, isLed, at) => {
    const { stream, state } = startBook();
    if (isLed) train(stream('logs'), { first: 0, last: 1, atSeconds: 500 });
    for (let step = 1; step <= 3; step++) {
      stream(kind).phaseTime({ phase: 'forward', seconds: 1, rank: 0, step, timeSeconds: 500 + step });
    }
    expect(state().progress.step).toBe(at);
  },
);

test('a rank that needs no time at all is one', () => {
  const { stream, state } = startBook();
  stream('push').phaseTime({ phase: 'forward', seconds: 0, rank: 0 });
  expect(state().rankPhases.get('forward')?.ranks.size).toBe(1);
});

test.each([-1, 0.5])('%p is no rank', (rank) => {
  const { stream, state } = startBook();
  stream('push').phaseTime({ phase: 'forward', seconds: 1, rank });
  expect(state().rankPhases.size).toBe(0);
});

test('all runs together have room for so many ranks, and get it back when a run is let go of', () => {
  const { book, stream, ledger, time } = startBook({ maxRankTimes: 3 });
  const [a, b] = ['a', 'b'].map((run) => stream('push', run, identityOf(run)));
  const report = (to: RunStream | undefined, rank: number) => to?.phaseTime({ phase: 'forward', seconds: 1, rank });
  for (const rank of [0, 1, 2, 2]) report(a, rank);
  report(b, 0);
  expect(ledger.counts().dropped.get('ranks')).toBe(1);
  report(a, 0);
  expect(ledger.counts().dropped.get('ranks')).toBe(1);
  a?.enter('finished', { timeSeconds: time.now });
  book.expire();
  time.now += 601;
  report(b, 0);
  expect(ledger.counts().dropped.get('ranks')).toBe(2);
  book.expire();
  report(b, 0);
  expect(ledger.counts().dropped.get('ranks')).toBe(2);
});
