import { setTimeout as sleep } from 'node:timers/promises';
import { type Collector, createCollectorRunner } from '../../kit/collector.ts';
import { renderExposition } from '../../kit/exposition/render.ts';
import type { Family } from '../../kit/exposition/samples.ts';
import { createLog } from '../../kit/log.ts';
import { parseExposition } from '../support/exposition.ts';
import { catalogue } from './exposition/sample-catalogue.ts';

type TestCollector = Collector<{ readonly value: number }, typeof catalogue>;

const good: TestCollector = {
  name: 'good',
  collect: ({ value }, { emit }) => emit('test_temperature_celsius', { model: 'm', kind: 'k' }, value),
};

function runnerOf(collectors: readonly TestCollector[], deadlineSeconds = 5) {
  const lines: string[] = [];
  let ticks = 0;
  const runner = createCollectorRunner(catalogue, collectors, {
    clock: { now: () => 0, monotonic: () => ticks++ },
    log: createLog({ level: 'debug', format: 'json', daemon: 'x', write: (line) => void lines.push(line) }),
    deadlineSeconds,
  });
  const logged = () => lines.map((line): Readonly<Record<string, unknown>> => JSON.parse(line));
  return { ...runner, logged: () => logged().map(({ msg, collectors, reason: why }) => [msg, collectors, why]) };
}

/** Value by series, without the durations. */
function values(families: readonly Family[]): Readonly<Record<string, string>> {
  const samples = [...parseExposition('text', renderExposition('text', families)).values()].flatMap((f) => f.samples);
  return Object.fromEntries(
    samples
      .filter(({ name }) => !name.includes('duration'))
      .map(({ name, labels, value }) => [
        [name, labels['collector'] ?? labels['reason']].filter(Boolean).join(' '),
        value,
      ]),
  );
}

test('samples come with success and duration', async () => {
  const families = await runnerOf([good]).run({ value: 7 });
  expect(
    renderExposition('text', families)
      .split('\n')
      .filter((line) => !line.startsWith('#')),
  ).toEqual([
    'test_temperature_celsius{model="m",kind="k"} 7',
    'fleetlens_collector_success{collector="good"} 1',
    'fleetlens_collector_duration_seconds{collector="good"} 1',
    '',
  ]);
});

describe('a collector that fails', () => {
  const cases: readonly (readonly [what: string, bad: TestCollector, reason: string])[] = [
    [
      'throws',
      {
        name: 'bad',
        collect: (_, { emit }) => {
          emit('test_errors_total', { reason: 'half' }, 1);
          throw new Error('no such sensor');
        },
      },
      'no such sensor',
    ],
    [
      'rejects',
      {
        name: 'bad',
        collect: async (_, { emit }) => {
          emit('test_errors_total', { reason: 'half' }, 1);
          await sleep(1);
          throw new Error('went away');
        },
      },
      'went away',
    ],
    [
      'throws something that is no error',
      {
        name: 'bad',
        collect: () => {
          // biome-ignore lint/style/useThrowOnlyError: foreign code does it
          throw 'just a text';
        },
      },
      'just a text',
    ],
    ['never ends', { name: 'bad', collect: () => new Promise<void>(() => undefined) }, 'not done after 0.05 s'],
  ];

  test.each(cases)('%s: its samples are gone, the others stay', async (_, bad, reason) => {
    const runner = runnerOf([bad, good], 0.05);
    expect(values(await runner.run({ value: 1 }))).toEqual({
      test_temperature_celsius: '1',
      'fleetlens_collector_success bad': '0',
      'fleetlens_collector_success good': '1',
    });
    expect(runner.logged()).toEqual([['collectors failed', 'bad', reason]]);
  });

  test('in part, keeps what it has', async () => {
    const runner = runnerOf([
      {
        name: 'partial',
        collect: (_, { emit, fail }) => {
          fail('gpu 3: lost');
          emit('test_errors_total', { reason: 'x' }, 1);
          fail('gpu 5: lost');
        },
      },
    ]);
    expect(values(await runner.run({ value: 1 }))).toEqual({
      'test_errors_total x': '1',
      'fleetlens_collector_success partial': '0',
    });
    expect(runner.logged()).toEqual([['collectors failed', 'partial', 'gpu 3: lost']]);
  });
});

describe('the deadline', () => {
  test('aborts the signal, and what comes later does not show', async () => {
    let wasAborted = false;
    const late: TestCollector = {
      name: 'late',
      collect: async (_, { emit, signal }) => {
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
        wasAborted = true;
        emit('test_errors_total', { reason: 'late' }, 1);
      },
    };
    const families = await runnerOf([late], 0.02).run({ value: 1 });
    await sleep(1);
    expect(wasAborted).toBe(true);
    expect(values(families)).toEqual({ 'fleetlens_collector_success late': '0' });
  });

  test('a collector that fails after it harms nobody', async () => {
    const late: TestCollector = {
      name: 'late',
      collect: (_, { signal }) =>
        new Promise((__, reject) =>
          signal.addEventListener('abort', () => setImmediate(reject, new Error('too late'))),
        ),
    };
    await runnerOf([late], 0.02).run({ value: 1 });
    await sleep(20);
  });

  test('leaves the signal of those alone that are in time', async () => {
    let signal: AbortSignal | undefined;
    const quick: TestCollector = {
      name: 'quick',
      collect: async (_, output) => {
        signal = output.signal;
      },
    };
    await runnerOf([quick], 0.02).run({ value: 1 });
    await sleep(40);
    expect(signal?.aborted).toBe(false);
  });
});

test('a change of state is logged once, not at every run', async () => {
  let reason: string | undefined;
  const runner = runnerOf([
    {
      name: 'moody',
      collect: (_, { fail }) => {
        if (reason !== undefined) fail(reason);
      },
    },
  ]);
  for (const next of [undefined, undefined, 'a', 'a', 'a', undefined, undefined, 'a', 'b']) {
    reason = next;
    await runner.run({ value: 1 });
  }
  expect(runner.logged()).toEqual([
    ['collectors failed', 'moody', 'a'],
    ['collectors recovered', 'moody', undefined],
    ['collectors failed', 'moody', 'a'],
    ['collectors failed', 'moody', 'b'],
  ]);
});

test('without a reading every collector has failed, and none has a duration that nobody measured', async () => {
  const runner = runnerOf([good, { ...good, name: 'other' }]);
  const families = runner.failAll('the driver is gone');
  expect(values(families)).toEqual({
    'fleetlens_collector_success good': '0',
    'fleetlens_collector_success other': '0',
  });
  expect(families.map(({ name }) => name)).toEqual(['fleetlens_collector_success']);
  runner.failAll('the driver is gone');
  await runner.run({ value: 1 });
  expect(runner.logged()).toEqual([
    ['collectors failed', 'good other', 'the driver is gone'],
    ['collectors recovered', 'good other', undefined],
  ]);
});

test('two samples of one metric from two collectors are one family', async () => {
  const twice = ['a', 'b'].map(
    (reason): TestCollector => ({ name: reason, collect: (_, { emit }) => emit('test_errors_total', { reason }, 1) }),
  );
  expect(values(await runnerOf(twice).run({ value: 1 }))).toMatchObject({
    'test_errors_total a': '1',
    'test_errors_total b': '1',
  });
});
