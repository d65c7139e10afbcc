import type { RunStream } from '../../../exporters/training/journal.ts';
import { trainingOptions } from '../../../exporters/training/options.ts';
import type { ExtraSource } from '../../../exporters/training/sources/extra-source.ts';
import { startTraining } from '../../../exporters/training/start-training.ts';
import { renderExposition } from '../../../kit/exposition/render.ts';
import { createLog } from '../../../kit/log.ts';
import { parseOptions } from '../../../kit/options/parse.ts';
import { createSelfMetrics } from '../../../kit/self-metrics.ts';
import { identityOf, train } from '../../support/training-book.ts';

let stop: (() => Promise<void>) | undefined;

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask', 'performance'] });
});

afterEach(async () => {
  await stop?.();
  stop = undefined;
  jest.useRealTimers();
});

const mapping = (gpus: number) =>
  `peak_flops:\n  own: 1e6\nmodels:\n  - run: a\n    flops_per_token: 6\n    gpu: own\n    gpus: ${gpus}\n`;

/** The exporter without files and datagrams, and one teller in its process. */
async function started(...argv: readonly string[]) {
  const files = new Map([['mapping.yaml', mapping(8)]]);
  const readFile = (path: string): string => files.get(path) ?? '';
  const optionsOf = (more: readonly string[]) =>
    parseOptions(trainingOptions, { argv: ['--no-push.udp', ...more], env: {}, readFile });
  const time = { now: 1000 };
  const clock = { now: () => time.now, monotonic: () => time.now };
  const told: RunStream[] = [];
  const ends = jest.fn(async () => undefined);
  const source: ExtraSource = {
    start: (journal) => {
      for (const name of ['a', 'b', 'c']) {
        const stream = journal.openStream(identityOf(name), 'command', 'command');
        if (stream !== undefined) told.push(stream);
      }
    },
    stop: ends,
  };
  const service = await startTraining(
    {
      options: optionsOf(argv),
      clock,
      readFile,
      log: createLog({ level: 'error', format: 'logfmt', daemon: 'test', write: () => undefined }),
      self: createSelfMetrics({ daemon: 'test', version: '0.0.0' }, clock),
    },
    { extraSources: [source] },
  );
  stop = service.stop;
  const shown = async () => renderExposition('text', await service.families(new AbortController().signal));
  const reload = (...more: readonly string[]) => service.reload?.(optionsOf(more));
  return { ends, files, reload, service, shown, time, told };
}

function tellRanks(stream: RunStream | undefined, ranks: number): void {
  for (let index = 0; index < 8 * ranks; index++) {
    stream?.phaseTime({ phase: 'forward', seconds: 1, rank: index % ranks, timeSeconds: 1000 });
  }
}

test('a source in the process is heard, and told when to stop', async () => {
  const { told, shown, service, ends } = await started();
  for (const stream of told.slice(0, 1)) train(stream, { first: 1, last: 5, atSeconds: 990 });
  expect(await shown()).toMatch(/^training_step\{run="a",.*\} 5$/m);
  expect(ends).not.toHaveBeenCalled();
  await service.stop();
  stop = undefined;
  expect(ends).toHaveBeenCalledTimes(1);
  expect(jest.getTimerCount()).toBe(0);
});

test('the mapping counts for the runs that are there, also when it has changed', async () => {
  const { told, shown, files, reload } = await started('--mapping.file=mapping.yaml');
  told[0]?.value('loss', 2, 1, 990);
  expect(await shown()).toMatch(/^training_world_size\{.*\} 8$/m);
  files.set('mapping.yaml', mapping(16));
  reload('--mapping.file=mapping.yaml');
  expect(await shown()).toMatch(/^training_world_size\{.*\} 16$/m);
  files.set('mapping.yaml', 'models: 7\n');
  expect(() => reload('--mapping.file=mapping.yaml')).toThrow('mapping.yaml');
  expect(await shown()).toMatch(/^training_world_size\{.*\} 16$/m);
});

test.each([
  [[], 8],
  [['--ranks.shown=3'], 3],
  [['--ranks.all'], 20],
  [['--ranks.all', '--ranks.max=15'], 15],
])('with the options %j %d ranks are shown', async (argv, count) => {
  const { told, shown } = await started(...argv);
  tellRanks(told[0], 20);
  expect((await shown()).match(/^training_rank_phase_seconds\{/gm)).toHaveLength(count);
});

test('runs and scalars are limited, and what is left out is counted', async () => {
  const { told, shown } = await started('--runs.max=2', '--scalars.max=1');
  for (const tag of ['x', 'y', 'z']) told[0]?.scalar(tag, 1);
  const text = await shown();
  expect(text).toMatch(/^training_dropped_total\{kind="runs"\} 1$/m);
  expect(text).toMatch(/^training_dropped_total\{kind="scalars"\} 2$/m);
});

test('a run ends when it is silent, and is let go of later, without anybody asking', async () => {
  const { told, shown, time } = await started('--runs.idle-after=60s', '--runs.retention=30s');
  told[0]?.value('loss', 2, 1, 1000);
  time.now = 1060;
  jest.advanceTimersByTime(5000);
  expect(await shown()).toMatch(/^training_run_phase\{run="a",.*phase="ended"\} 1$/m);
  time.now = 1091;
  jest.advanceTimersByTime(5000);
  expect(await shown()).not.toContain('run="a"');
});
