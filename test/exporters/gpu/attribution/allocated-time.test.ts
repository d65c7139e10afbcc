import fc from 'fast-check';
import {
  type AllocatedTimes,
  createAllocatedTimes,
  maxBeliefSeconds,
} from '../../../../exporters/gpu/attribution/allocated-time.ts';
import type { Allocation } from '../../../../exporters/gpu/attribution/attribution.ts';

const gpu0 = { index: 0, uuid: 'GPU-0' };
const hour = 3600;

function pod(name: string, replicas = 1, device: Allocation['device'] = gpu0): Allocation {
  return { device, holder: { kind: 'pod', namespace: 'ml', pod: name, container: 'main' }, replicas };
}

function job(jobId: string): Allocation {
  return { device: gpu0, holder: { kind: 'job', jobId }, replicas: 1 };
}

function ledger(retentionSeconds = hour, maxHolders = 100): AllocatedTimes {
  return createAllocatedTimes({ retentionSeconds, maxHolders });
}

interface Counted {
  readonly seconds: number;
  readonly shareSeconds: number;
}

function byName(times: AllocatedTimes): Readonly<Record<string, Counted>> {
  return Object.fromEntries(
    times
      .times()
      .map(({ holder, seconds, shareSeconds }) => [
        holder.kind === 'pod' ? holder.pod : holder.jobId,
        { seconds, shareSeconds },
      ]),
  );
}

function secondsOf(times: AllocatedTimes): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(byName(times)).map(([name, { seconds }]) => [name, seconds]));
}

test('what is there at the first observation starts there', () => {
  const times = ledger();
  times.advance('pods', [pod('a')], 1000);
  expect(secondsOf(times)).toEqual({ a: 0 });
  times.advance('pods', [pod('a')], 1005);
  expect(secondsOf(times)).toEqual({ a: 5 });
});

test('start and end are taken to be in the middle between two observations', () => {
  const times = ledger();
  times.advance('pods', [], 0);
  times.advance('pods', [pod('a')], 4);
  expect(secondsOf(times)).toEqual({ a: 2 });
  times.advance('pods', [pod('a')], 14);
  times.advance('pods', [], 20);
  expect(secondsOf(times)).toEqual({ a: 2 + 10 + 3 });
  times.advance('pods', [], 30);
  expect(secondsOf(times)).toEqual({ a: 15 });
});

test('the middle is right on average, and never wrong by more than half an interval at each end', () => {
  const interval = 5;
  let sum = 0;
  const trials = 500;
  for (let trial = 0; trial < trials; trial++) {
    // Spread evenly over the phases of the interval.
    const start = 7 + (interval * trial) / trials;
    const end = start + 60 + ((trial * 7919) % 1000) / 10;
    const times = ledger();
    for (let now = 0; now < end + 20; now += interval) {
      times.advance('pods', now >= start && now < end ? [pod('a')] : [], now);
    }
    const error = (secondsOf(times)['a'] ?? 0) - (end - start);
    expect(Math.abs(error)).toBeLessThanOrEqual(interval);
    sum += error;
  }
  expect(Math.abs(sum / trials)).toBeLessThan(0.2);
});

describe('while the source does not answer', () => {
  test('what it said last goes on counting', () => {
    const times = ledger();
    times.advance('pods', [pod('a')], 0);
    times.advance('pods', undefined, 5);
    times.advance('pods', undefined, 10);
    expect(secondsOf(times)).toEqual({ a: 10 });
    times.advance('pods', [pod('a')], 15);
    expect(secondsOf(times)).toEqual({ a: 15 });
  });

  test('it stops after ten minutes, and the gap is counted in full if the allocation is still there', () => {
    const times = ledger();
    times.advance('pods', [pod('a')], 0);
    for (let now = 5; now <= 7200; now += 5) times.advance('pods', undefined, now);
    expect(secondsOf(times)).toEqual({ a: maxBeliefSeconds });
    times.advance('pods', [pod('a')], 7205);
    expect(secondsOf(times)).toEqual({ a: 7205 });
  });

  test('what was counted stays if the allocation is gone afterwards', () => {
    const times = ledger();
    times.advance('pods', [pod('a')], 0);
    for (let now = 5; now <= 100; now += 5) times.advance('pods', undefined, now);
    times.advance('pods', [], 105);
    expect(secondsOf(times)).toEqual({ a: 100 });
  });

  test('a gap in which nobody advanced it counts half for what is gone and for what is new, at most ten minutes', () => {
    const times = ledger(10 * hour);
    times.advance('pods', [pod('a')], 0);
    times.advance('pods', [pod('b')], 100);
    expect(secondsOf(times)).toEqual({ a: 50, b: 50 });
    times.advance('pods', [pod('c')], 100 + 2 * hour);
    expect(secondsOf(times)).toEqual({ a: 50, b: 50 + maxBeliefSeconds, c: maxBeliefSeconds });
  });

  test('without any answer before nothing is invented', () => {
    const times = ledger();
    times.advance('pods', undefined, 5);
    times.advance('pods', [pod('a')], 100);
    expect(secondsOf(times)).toEqual({ a: 0 });
  });
});

test('an hour is an hour within a second, whatever observations are missed', () => {
  fc.assert(
    fc.property(fc.array(fc.boolean(), { minLength: 719, maxLength: 719 }), (answers) => {
      const times = ledger();
      times.advance('pods', [pod('a')], 50);
      answers.forEach((isAnswered, index) => {
        times.advance('pods', isAnswered ? [pod('a')] : undefined, 50 + (index + 1) * 5);
      });
      times.advance('pods', [pod('a')], 50 + hour);
      expect(Math.abs((secondsOf(times)['a'] ?? 0) - hour)).toBeLessThan(1);
    }),
    { numRuns: 20 },
  );
});

describe('a shared device', () => {
  test('its time is divided by replicas', () => {
    const times = ledger();
    const holders = [pod('a', 2), pod('b', 1), pod('c', 1)];
    times.advance('pods', holders, 0);
    times.advance('pods', holders, hour);
    expect(byName(times)).toEqual({
      a: { seconds: hour, shareSeconds: hour / 2 },
      b: { seconds: hour, shareSeconds: hour / 4 },
      c: { seconds: hour, shareSeconds: hour / 4 },
    });
  });

  test('a change of replicas counts from the middle', () => {
    const times = ledger();
    times.advance('pods', [pod('a', 1), pod('b', 1)], 0);
    times.advance('pods', [pod('a', 3), pod('b', 1)], 10);
    expect(byName(times)['a']).toEqual({ seconds: 10, shareSeconds: 5 * 0.5 + 5 * 0.75 });
  });

  test('is not shared with who came long after the last answer for more than ten minutes', () => {
    const times = ledger();
    times.advance('pods', [pod('a')], 0);
    times.advance('pods', [pod('a'), pod('b')], hour);
    expect(byName(times)).toEqual({
      a: { seconds: hour, shareSeconds: hour - maxBeliefSeconds / 2 },
      b: { seconds: maxBeliefSeconds, shareSeconds: maxBeliefSeconds / 2 },
    });
  });

  test('is shared with the jobs on it too', () => {
    const times = ledger();
    times.advance('pods', [pod('a')], 0);
    times.advance('jobs', [job('7')], 0);
    times.advance('pods', [pod('a')], 10);
    times.advance('jobs', [job('7')], 10);
    expect(byName(times)).toEqual({
      a: { seconds: 10, shareSeconds: 5 },
      '7': { seconds: 10, shareSeconds: 5 },
    });
  });

  test('others of the GPU do not count for an instance', () => {
    const times = ledger();
    const one = pod('a', 1, { ...gpu0, gpuInstanceId: 1 });
    const two = pod('b', 1, { ...gpu0, gpuInstanceId: 2 });
    times.advance('pods', [one, two], 0);
    times.advance('pods', [one, two], 10);
    expect(byName(times)['a']).toEqual({ seconds: 10, shareSeconds: 10 });
  });
});

/** Steps of a history: how long until the next observation, and who has how many replicas then; null where the source is silent. */
const histories = fc.array(
  fc.record({
    wait: fc.double({ min: 0, max: 400, noNaN: true }),
    holders: fc.oneof(
      { weight: 3, arbitrary: fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.integer({ min: 1, max: 4 })) },
      { weight: 1, arbitrary: fc.constant(null) },
    ),
  }),
  { maxLength: 40 },
);

test('in every history values never decrease, and shares are never more than the time that passed', () => {
  fc.assert(
    fc.property(histories, (steps) => {
      const times = ledger(Number.MAX_VALUE);
      let now = 0;
      let before = byName(times);
      times.advance('pods', [], now);
      for (const { wait, holders } of steps) {
        now += wait;
        const allocations = holders === null ? undefined : Object.entries(holders).map(([name, n]) => pod(name, n));
        times.advance('pods', allocations, now);
        const after = byName(times);
        for (const [name, { seconds, shareSeconds }] of Object.entries(before)) {
          expect(after[name]?.seconds).toBeGreaterThanOrEqual(seconds);
          expect(after[name]?.shareSeconds).toBeGreaterThanOrEqual(shareSeconds);
        }
        before = after;
      }
      const shares = Object.values(before).map(({ shareSeconds }) => shareSeconds);
      expect(shares.reduce((sum, share) => sum + share, 0)).toBeLessThanOrEqual(now + 1e-6);
      for (const { seconds, shareSeconds } of Object.values(before)) {
        expect(shareSeconds).toBeLessThanOrEqual(seconds + 1e-6);
      }
    }),
  );
});

test('while somebody has the device all the time, shares add up to that time', () => {
  const replicas = fc.integer({ min: 1, max: 4 });
  const others = fc.array(
    fc.record({ wait: fc.double({ min: 0, max: 400, noNaN: true }), b: fc.option(replicas), c: fc.option(replicas) }),
  );
  fc.assert(
    fc.property(others, (steps) => {
      const times = ledger(Number.MAX_VALUE);
      let now = 0;
      times.advance('pods', [pod('a')], now);
      for (const { wait, b, c } of steps) {
        now += wait;
        const present = [pod('a'), ...(b === null ? [] : [pod('b', b)]), ...(c === null ? [] : [pod('c', c)])];
        times.advance('pods', present, now);
      }
      const sum = times.times().reduce((total, { shareSeconds }) => total + shareSeconds, 0);
      expect(sum).toBeCloseTo(now, 6);
    }),
  );
});

describe('a holder that ended', () => {
  test('is shown for the retention and then forgotten', () => {
    const times = ledger(60);
    times.advance('pods', [pod('a')], 0);
    times.advance('pods', [], 10);
    times.advance('pods', [], 70);
    expect(secondsOf(times)).toEqual({ a: 5 });
    times.advance('pods', [], 71);
    expect(secondsOf(times)).toEqual({});
  });

  test('goes on from its value if it comes back before', () => {
    const times = ledger(60);
    times.advance('pods', [pod('a')], 0);
    times.advance('pods', [], 10);
    times.advance('pods', [pod('a')], 20);
    times.advance('pods', [pod('a')], 30);
    expect(secondsOf(times)).toEqual({ a: 5 + 5 + 10 });
  });

  test('makes room for a new one', () => {
    const times = ledger(hour, 2);
    times.advance('pods', [pod('a'), pod('b')], 0);
    times.advance('pods', [pod('b')], 10);
    expect(times.advance('pods', [pod('b'), pod('c')], 20)).toBe(0);
    expect(secondsOf(times)).toEqual({ b: 20, c: 5 });
  });
});

test('a holder that comes back keeps its value, also when room is made for new ones', () => {
  const times = ledger(hour, 2);
  times.advance('pods', [pod('a'), pod('b')], 0);
  times.advance('pods', [], 10);
  expect(times.advance('pods', [pod('c'), pod('a')], 20)).toBe(0);
  expect(secondsOf(times)).toEqual({ a: 5 + 5, c: 5 });
});

test('holders beyond the bound are left out and counted, and cost the others nothing', () => {
  const times = ledger(hour, 2);
  const all = [pod('a'), pod('b'), pod('c'), pod('d')];
  expect(times.advance('pods', all, 0)).toBe(2);
  expect(times.advance('pods', all, 10)).toBe(2);
  expect(secondsOf(times)).toEqual({ a: 10, b: 10 });
});

test('a GPU that got another index keeps its time', () => {
  const times = ledger();
  times.advance('pods', [pod('a')], 0);
  times.advance('pods', [pod('a', 1, { index: 3, uuid: 'GPU-0' })], 10);
  expect(times.times()).toEqual([
    expect.objectContaining({ device: { index: 3, uuid: 'GPU-0' }, seconds: 10, shareSeconds: 10 }),
  ]);
});

describe('after a restart', () => {
  test('it goes on as after a gap: in full for who is still there, half for the others', () => {
    const before = ledger();
    before.advance('pods', [pod('a'), pod('b'), pod('gone')], 0);
    before.advance('pods', [pod('a'), pod('b')], 100);
    const after = ledger();
    after.restore(before.save(101), 19, 5);
    expect(secondsOf(after)).toEqual({ a: 100, b: 100, gone: 50 });
    after.advance('pods', [pod('a'), pod('new')], 10);
    // 25 s passed since the last observation.
    expect(secondsOf(after)).toEqual({ a: 125, b: 112.5, gone: 50, new: 12.5 });
  });

  test('the retention goes on too', () => {
    const before = ledger(60);
    before.advance('pods', [pod('a')], 0);
    before.advance('pods', [], 10);
    const after = ledger(60);
    after.restore(before.save(40), 10, 0);
    after.advance('pods', [], 20);
    expect(secondsOf(after)).toEqual({ a: 5 });
    after.advance('pods', [], 21);
    expect(secondsOf(after)).toEqual({});
  });
});

test('10,000 holders share eight GPUs for as long as they have them', () => {
  const times = createAllocatedTimes({ retentionSeconds: hour });
  const all = Array.from({ length: 10_000 }, (_, index) =>
    pod(`pod-${index}`, 1, { index: index % 8, uuid: `GPU-${index % 8}` }),
  );
  times.advance('pods', all, 0);
  times.advance('pods', all, 5);
  expect(times.times()).toHaveLength(10_000);
  expect(times.times().reduce((sum, { shareSeconds }) => sum + shareSeconds, 0)).toBeCloseTo(8 * 5, 6);
});

test('a MIG instance that is made anew with another profile is counted apart, also across a restart', () => {
  const instance = { index: 0, uuid: 'GPU-0', gpuInstanceId: 7 };
  const withProfile = (profile: string): Allocation => ({ ...pod('a', 1, instance), profile });
  const profiles = (times: AllocatedTimes) =>
    Object.fromEntries(times.times().map(({ profile, seconds, shareSeconds }) => [profile, [seconds, shareSeconds]]));

  const first = ledger();
  first.advance('pods', [withProfile('1g.10gb')], 0);
  first.advance('pods', [withProfile('1g.10gb')], 10);
  first.advance('pods', [withProfile('4g.40gb')], 20);
  expect(profiles(first)).toEqual({ '1g.10gb': [15, 15], '4g.40gb': [5, 5] });

  const second = ledger();
  second.restore(first.save(20), 5, 100);
  second.advance('pods', [withProfile('4g.40gb')], 100);
  expect(profiles(second)).toEqual({ '1g.10gb': [15, 15], '4g.40gb': [10, 10] });
});
