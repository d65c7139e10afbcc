import type { FeatureTable } from '../../../../../exporters/prediction/features/feature-table.ts';
import { gpuSpec } from '../../../../../exporters/prediction/features/gpu-spec.ts';
import { backfill, chunksOf, momentsOf } from '../../../../../exporters/prediction/sources/prometheus/backfill.ts';
import { defaultBackfillSettings } from '../../../../../exporters/prediction/sources/prometheus/backfill-settings.ts';
import { bounded } from '../../../../../exporters/prediction/sources/prometheus/bounded.ts';
import type { HistoryApi } from '../../../../../exporters/prediction/sources/prometheus/history-api.ts';
import { SourceError } from '../../../../../kit/errors.ts';
import { begin, cellOf, day, hour } from '../../features/made-samples.ts';

const never = new AbortController().signal;

/** GPU-1 with a temperature of 50, from `begin - 10 d` on; each query may fail. */
function madeApi(failAt: (expr: string, endMs: number) => boolean = () => false) {
  const asked: { readonly expr: string; readonly startMs: number; readonly endMs: number }[] = [];
  const labels = { cluster: 'prod', node: 'gpu-01', uuid: 'GPU-1', model: 'H100', job: 'gpu', instance: 'gpu-01:9400' };
  const api: HistoryApi = {
    usage: () => ({ queries: asked.length, bytes: 0 }),
    raw: async () => [],
    range: async (expr, { startMs, endMs, stepMs }) => {
      asked.push({ expr, startMs, endMs });
      if (failAt(expr, endMs)) throw new SourceError('http://prometheus:9090: cannot be reached');
      const isKnown = /gpu_info|avg_over_time\(gpu_temperature/.test(expr);
      const timesMs = Float64Array.from(
        { length: Math.floor((endMs - startMs) / stepMs) + 1 },
        (_, at) => startMs + at * stepMs,
      ).filter((ms) => ms > begin - 10 * day);
      return isKnown && timesMs.length > 0 ? [{ labels, timesMs, values: timesMs.map(() => 50) }] : [];
    },
  };
  return { api, asked };
}

function memorySink() {
  const stored = new Map<number, { readonly fromMs: number; readonly untilMs: number; readonly table: FeatureTable }>();
  return {
    stored,
    chunks: async () => [...stored.values()],
    put: async (span: { readonly fromMs: number; readonly untilMs: number }, table: FeatureTable) => {
      stored.set(span.fromMs, { ...span, table });
    },
  };
}

const request = {
  spec: gpuSpec,
  settings: { ...defaultBackfillSettings, chunksAtOnce: 1 },
  fromMs: begin,
  untilMs: begin + 4 * day,
  signal: never,
};

test('each step of history is read once, however many chunks need it', async () => {
  const { api, asked } = madeApi();
  const sink = memorySink();
  await backfill(request, { api, sink });
  const temperature = asked.filter(({ expr }) => expr.includes('avg_over_time(gpu_temperature'));
  expect(temperature.map(({ startMs, endMs }) => [(startMs - begin) / hour, (endMs - begin) / hour])).toEqual([
    [-167, 24],
    [25, 48],
    [49, 72],
    [73, 96],
  ]);
  const last = sink.stored.get(begin + 3 * day);
  expect(last === undefined ? undefined : cellOf(last.table, 'GPU-1', begin + 4 * day, 'temperature_mean_7d')).toBe(50);
  expect([...sink.stored.keys()]).toEqual([0, 1, 2, 3].map((each) => begin + each * day));
});

test('chunks that are computed together say the same as one by one', async () => {
  const single = memorySink();
  const together = memorySink();
  await backfill(request, { api: madeApi().api, sink: single });
  const { api, asked } = madeApi();
  await backfill({ ...request, settings: { ...defaultBackfillSettings, chunksAtOnce: 3 } }, { api, sink: together });
  expect([...together.stored]).toEqual([...single.stored]);
  const temperature = asked.filter(({ expr }) => expr.includes('avg_over_time(gpu_temperature'));
  expect(temperature.map(({ endMs }) => (endMs - begin) / day)).toEqual([3, 4]);
});

test('a failure stores nothing of its chunk, and the next run goes on there', async () => {
  const sink = memorySink();
  const broken = madeApi((expr, endMs) => expr.includes('gpu_power_watts') && endMs === begin + 2 * day);
  await expect(backfill(request, { api: broken.api, sink })).rejects.toThrow('cannot be reached');
  expect([...sink.stored.keys()]).toEqual([begin]);
  const { api, asked } = madeApi();
  const done = await backfill(request, { api, sink });
  expect(done).toMatchObject({ chunksDone: 4, chunksTotal: 4, rows: 12 });
  // The days that the windows of the second chunk need come first, and nothing before them.
  const inventory = asked.filter(({ expr }) => !expr.includes('cmdb_ci_info'));
  expect(Math.min(...inventory.map(({ startMs }) => startMs))).toBe(begin + day - 7 * day + hour);
});

test('chunks that are there are left alone', async () => {
  const sink = memorySink();
  await backfill(request, { api: madeApi().api, sink });
  const { api, asked } = madeApi();
  await expect(backfill(request, { api, sink })).resolves.toMatchObject({ chunksDone: 4, rows: 0 });
  expect(asked).toEqual([]);
});

test('a fleet without history has chunks without rows', async () => {
  const sink = memorySink();
  const done = await backfill(
    { ...request, fromMs: begin - 40 * day, untilMs: begin - 39 * day },
    { api: madeApi().api, sink },
  );
  expect(done).toMatchObject({ chunksDone: 1, rows: 0 });
});

test('whoever stops it gets no chunk more', async () => {
  const stop = new AbortController();
  const sink = memorySink();
  const { api } = madeApi((expr) => {
    if (expr.includes('gpu_fan')) stop.abort(new Error('enough'));
    return false;
  });
  await expect(backfill({ ...request, signal: stop.signal }, { api, sink })).rejects.toThrow('enough');
  expect(sink.stored.size).toBe(0);
});

test.each([
  [{ stepMs: 7 * 60_000 }, 'must divide an hour'],
  [{ everyMs: 90 * 60_000 }, 'at multiples of the step of 3600 s, got 5400 s'],
  [{ chunkMs: 20 * hour }, 'a chunk must be a multiple of the 21600 s between moments'],
])('steps that do not fit into each other are refused', async (wrong, reason) => {
  const settings = { ...defaultBackfillSettings, ...wrong };
  await expect(backfill({ ...request, settings }, { api: madeApi().api, sink: memorySink() })).rejects.toThrow(reason);
});

test('chunks are whole ones since 1970, and one that is not over is left out', () => {
  expect(chunksOf({ fromMs: begin + hour, untilMs: begin + 2 * day - 1 }, day)).toEqual([
    { fromMs: begin, untilMs: begin + day },
  ]);
  expect([...momentsOf({ fromMs: begin, untilMs: begin + day }, 6 * hour)]).toEqual(
    [6, 12, 18, 24].map((each) => begin + each * hour),
  );
});

test('no more tasks run at once than may, and none is begun after a failure', async () => {
  let running = 0;
  let most = 0;
  let begun = 0;
  const task = (fails: boolean) => async () => {
    begun += 1;
    running += 1;
    most = Math.max(most, running);
    await new Promise((resolve) => setImmediate(resolve));
    running -= 1;
    if (fails) throw new Error('broken');
  };
  await bounded(
    Array.from({ length: 10 }, () => task(false)),
    3,
    never,
  );
  expect([begun, most]).toEqual([10, 3]);
  await expect(
    bounded([task(false), task(true), ...Array.from({ length: 20 }, () => task(false))], 2, never),
  ).rejects.toThrow('broken');
  expect(begun).toBeLessThan(15);
});
