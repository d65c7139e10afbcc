import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { defaultAnomaly } from '../../../../exporters/prediction/anomaly/settings.ts';
import { failureHistoryOf } from '../../../../exporters/prediction/pipeline/failure-history.ts';
import { trainModels } from '../../../../exporters/prediction/pipeline/train-models.ts';
import { createAnomalyRunner } from '../../../../exporters/prediction/serving/anomaly-runner.ts';
import { openDiary } from '../../../../exporters/prediction/serving/diary.ts';
import { createTicketReader } from '../../../../exporters/prediction/serving/read-ticket-files.ts';
import { emptySigns } from '../../../../exporters/prediction/serving/sign-book.ts';
import { createSignHistory, type SignKeeper } from '../../../../exporters/prediction/serving/sign-history.ts';
import { createTrainer } from '../../../../exporters/prediction/serving/trainer.ts';
import type { HistoryApi } from '../../../../exporters/prediction/sources/prometheus/history-api.ts';
import { defaultLabelNames } from '../../../../exporters/prediction/sources/prometheus/series-labels.ts';
import { removeLeftovers } from '../../../../exporters/prediction/store/leftovers.ts';
import { openModelStore } from '../../../../exporters/prediction/store/models/model-store.ts';
import { openSaidLog } from '../../../../exporters/prediction/store/said-log.ts';
import { createSignKeeper } from '../../../../exporters/prediction/store/signs/sign-keeper.ts';
import { saidOf } from '../../../support/prediction-crash.ts';
import { quietLog } from '../../../support/stores.ts';
import { dayMs, gpu, hourMs, startMs } from '../fleet.ts';
import { trainFast } from '../pipeline/made-fleet.ts';

const never = new AbortController().signal;
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fleetlens-recovery-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('a file that is damaged', () => {
  test('of what was said is kept aside, and its day may be said again', async () => {
    const problems: string[] = [];
    const open = async () => openDiary(await openSaidLog(folder, (problem) => problems.push(problem)));
    const diary = await open();
    for (const number of [0, 1, 2]) await diary.add(saidOf(number));
    const [first = '', second = ''] = readdirSync(folder).sort();
    truncateSync(join(folder, first), 100);
    writeFileSync(join(folder, second), gzipSync('{"atMs":1,"entities":[{}]}'));
    const again = await open();
    expect(again.days()).toHaveLength(1);
    expect(problems).toEqual([
      expect.stringContaining(`${first} is left out: `),
      expect.stringMatching(/no record of what was said; it is kept as .*\.damaged$/),
    ]);
    expect(again.isDue(saidOf(0).atMs)).toBe(true);
    await again.add(saidOf(0));
    expect(again.days().map(({ atMs }) => atMs)).toEqual([saidOf(0).atMs, saidOf(2).atMs]);
  });

  test('of signs is kept aside', async () => {
    const path = join(folder, 'signs.json');
    const file = createSignKeeper(path, 'http://prometheus:9090');
    await file.save({ untilMs: 5, signs: emptySigns });
    expect((await file.load())?.untilMs).toBe(5);
    const whole = readFileSync(path, 'utf8');
    truncateSync(path, 40);
    await expect(file.load()).rejects.toThrow(/signs\.json cannot be used: .*; it is kept as .*signs\.json\.damaged/);
    expect(readdirSync(folder)).toEqual(['signs.json.damaged']);
    writeFileSync(path, whole.replace('"untilMs":5', '"untilMs":6'));
    await expect(file.load()).rejects.toThrow('was changed or damaged');
  });

  test('that says which models are in use keeps no new ones out', async () => {
    const history = failureHistoryOf({}, startMs + dayMs);
    const set = await trainModels({ tables: {}, history, seed: 1 }, { train: trainFast });
    const store = await openModelStore({ folder });
    writeFileSync(join(folder, 'active.json'), '{"curr');
    await expect(store.current()).rejects.toThrow('active.json does not name the models in use');
    await store.swap(set);
    expect((await store.current())?.id).toBe(set.id);
  });
});

test('what a killed process has left half written is removed, and nothing else', async () => {
  mkdirSync(join(folder, 'sources', 'main'), { recursive: true });
  const kept = ['notes.txt', 'sources/main/signs.json', 'new'];
  for (const name of [...kept, 'sources/main/signs.json.77.new', 'anomalies.state.new'])
    writeFileSync(join(folder, name), 'x');
  await removeLeftovers(folder);
  expect(readdirSync(folder, { recursive: true }).sort()).toEqual([...kept, 'sources', 'sources/main'].sort());
});

describe('a clock that is put back', () => {
  test('leaves each day one record, in the order of time', async () => {
    const diary = await openDiary(await openSaidLog(folder, () => undefined));
    await diary.add(saidOf(300));
    expect(diary.isDue(saidOf(1).atMs)).toBe(true);
    await diary.add(saidOf(1));
    expect(diary.isDue(saidOf(1).atMs)).toBe(false);
    expect(diary.days().map(({ atMs }) => atMs)).toEqual([saidOf(1).atMs, saidOf(300).atMs]);
  });

  test('does not put off the training until the time that it had', async () => {
    let now = startMs / 1000;
    let trained = 0;
    const trainer = createTrainer({
      settings: { isOn: true, everyMs: 7 * dayMs, windowMs: 90 * dayMs, threads: 1, seed: 1 },
      madeAtMs: () => startMs + 900 * dayMs,
      isReady: () => true,
      train: async () => {
        trained += 1;
        throw new Error('no matter');
      },
      onTrained: async () => undefined,
      clock: { now: () => now, monotonic: () => now },
      log: quietLog,
    });
    await trainer.step(never);
    expect(trained).toBe(0);
    now += (7 * dayMs) / 1000;
    await trainer.step(never);
    expect(trained).toBe(1);
  });

  test('lets the detectors begin anew, at once and after a restart', async () => {
    const asked: number[] = [];
    const api = {
      query: async () => ({ samples: [], warnings: [], skippedHistograms: 0, partial: false }),
      queryRange: async (_: string, { endSeconds }: { readonly endSeconds: number }) => {
        asked.push(endSeconds * 1000);
        return { series: [], warnings: [], skippedHistograms: 0, partial: false };
      },
    };
    const runner = (file: string) =>
      createAnomalyRunner({
        settings: defaultAnomaly,
        sources: [{ api, asking: { labels: defaultLabelNames, matchers: [] } }],
        file: join(folder, file),
        log: quietLog,
      });
    const ahead = runner('a.state');
    await ahead.step(startMs + 900 * dayMs, never);
    ahead.save();
    copyFileSync(join(folder, 'a.state'), join(folder, 'b.state'));
    for (const each of [ahead, runner('b.state')]) {
      await each.step(startMs, never);
      expect(each.view().atMs).toBe(startMs);
      expect(Math.min(...asked)).toBeLessThan(startMs);
      asked.length = 0;
    }
  });

  test('has signs read where the clock was ahead of them', async () => {
    const asked: [number, number][] = [];
    const api: HistoryApi = {
      usage: () => ({ queries: 0, bytes: 0 }),
      raw: async () => [],
      range: async (_, { startMs: from, endMs }) => {
        asked.push([from, endMs]);
        return [];
      },
    };
    const old = { entity: gpu('1'), atMs: startMs, code: 79, count: 1 };
    let saved = { untilMs: startMs + 900 * dayMs, signs: { ...emptySigns, xids: [old] } };
    const keeper: SignKeeper = {
      load: async () => saved,
      save: async (book) => {
        saved = { ...book, signs: { ...book.signs, xids: [...book.signs.xids] } };
      },
    };
    const source = {
      name: 'main',
      url: 'http://prometheus:9090',
      cluster: undefined,
      labels: defaultLabelNames,
      match: [],
      tokenFile: undefined,
      user: undefined,
      headers: {},
      timeoutMs: 1000,
    };
    const history = await createSignHistory({ source, api, keeper, log: quietLog });
    const nowMs = startMs + 60 * dayMs;
    await history.readLate(nowMs + 900 * dayMs, never);
    await history.readLate(nowMs, never);
    expect(asked.every(([from, until]) => from <= until)).toBe(true);
    const fromMs = startMs + 30 * dayMs;
    await history.catchUp({ keepMs: startMs, fromMs, untilMs: nowMs, onProgress: () => undefined }, never);
    expect(asked.some(([from]) => from > fromMs && from <= fromMs + hourMs)).toBe(true);
    expect(saved.untilMs).toBe(nowMs);
    expect(saved.signs.xids).toEqual([old]);
  });
});

test('a disk that takes nothing is told with the file and what to do, and what was there stays', async () => {
  const path = join(folder, 'signs.json');
  const file = createSignKeeper(path, 'http://prometheus:9090');
  await file.save({ untilMs: 5, signs: emptySigns });
  // What replaces a file is written beside it: a folder of that name stands in the way, as a full disk does.
  mkdirSync(`${path}.${process.pid}.new`);
  await expect(file.save({ untilMs: 6, signs: emptySigns })).rejects.toThrow(
    /signs\.json cannot be written .* give it room/,
  );
  expect((await file.load())?.untilMs).toBe(5);
  const log = await openSaidLog(join(folder, 'said'), () => undefined);
  mkdirSync(join(folder, 'said', `said-2026-01-02.json.gz.${process.pid}.new`));
  await expect(log.add(saidOf(1))).rejects.toThrow(/said-2026-01-02\.json\.gz cannot be written .* give it room/);
  await log.add(saidOf(2));
  expect(await log.load()).toHaveLength(1);
});

test('tickets that cannot be read any more hold as they were read last, also for whoever reads them next', () => {
  const lastGood = new Map<string, string>();
  const good = 'entity,start,end,kind\nGPU-1,2026-01-01,2026-01-02,gpu\n';
  const nowMs = Date.UTC(2026, 5, 1);
  let text: string | Error = good;
  const readFile = (): string => {
    if (text instanceof Error) throw text;
    return text;
  };
  const reader = () => createTicketReader(['tickets.csv'], { readFile, log: quietLog, lastGood });
  const first = reader()([gpu('1')], nowMs);
  expect(first.signs).toHaveLength(1);
  for (const bad of [new Error('EACCES: permission denied'), 'half a li', '']) {
    text = bad;
    const { signs, problems } = reader()([gpu('1')], nowMs);
    expect(signs).toEqual(first.signs);
    expect(problems).toEqual([expect.stringContaining('tickets.csv')]);
  }
  lastGood.clear();
  expect(reader()([gpu('1')], nowMs).signs).toEqual([]);
});
