import type { Entity } from '../../../../../exporters/prediction/entity.ts';
import { gpuSpec } from '../../../../../exporters/prediction/features/gpu-spec.ts';
import { createCounterState } from '../../../../../exporters/prediction/sources/prometheus/counter-state.ts';
import { createFleetBook } from '../../../../../exporters/prediction/sources/prometheus/fleet-book.ts';
import type { HistoryApi } from '../../../../../exporters/prediction/sources/prometheus/history-api.ts';
import { readRemaps } from '../../../../../exporters/prediction/sources/prometheus/read-remaps.ts';
import { scrapeTasks } from '../../../../../exporters/prediction/sources/prometheus/read-scrapes.ts';
import { readInventory } from '../../../../../exporters/prediction/sources/prometheus/read-states.ts';
import { defaultLabelNames } from '../../../../../exporters/prediction/sources/prometheus/series-labels.ts';
import { createStepGrid } from '../../../../../exporters/prediction/sources/prometheus/step-grid.ts';

const hour = 3_600_000;
const never = new AbortController().signal;
const usage = () => ({ queries: 0, bytes: 0 });

test('scrapes are those of the target that showed the GPU last at the time', async () => {
  const book = createFleetBook();
  const gpu: Entity = { kind: 'gpu', cluster: 'prod', node: 'gpu-01', uuid: 'GPU-1' };
  const index = book.indexOf(gpu);
  book.tell(index, 'target', '["gpu","gpu-01:9400"]', hour);
  book.tell(index, 'target', '["gpu","gpu-02:9400"]', 3 * hour);
  const timesMs = Float64Array.of(1, 2, 3, 4).map((each) => each * hour);
  const api: HistoryApi = {
    usage,
    raw: async () => [],
    range: async () =>
      [1, 2].map((node) => ({
        labels: { job: 'gpu', instance: `gpu-0${node}:9400` },
        timesMs,
        values: timesMs.map(() => node / 10),
      })),
  };
  const grid = createStepGrid({ stepMs: hour, steps: 4 }, 4 * hour);
  const request = {
    kind: 'gpu',
    labels: defaultLabelNames,
    by: ['uuid'],
    stepMs: hour,
    startMs: hour,
    endMs: 4 * hour,
  } as const;
  const target = { api, book, grid, counters: createCounterState() };
  for (const task of scrapeTasks(gpuSpec, [], request, target)) await task(never);
  expect([...(grid.samplesOf('scrapes', index, undefined)?.values ?? [])]).toEqual([0.1, 0.1, 0.2, 0.2]);
});

test('a state that is told beside the one after it is not come back to', async () => {
  const item = (state: string, ...hours: readonly number[]) => ({
    labels: { class: 'gpu', cluster: 'prod', node: 'gpu-01', uuid: 'GPU-1', state },
    timesMs: Float64Array.from(hours, (each) => each * hour),
    values: new Float64Array(hours.length).fill(1),
  });
  for (const order of [1, -1]) {
    const series = [item('failed', 2, 3), item('in_service', 1, 3, 4)];
    const api: HistoryApi = {
      usage,
      raw: async () => [],
      range: async () => (order === 1 ? series : series.toReversed()),
    };
    const { states, lives } = await readInventory(
      api,
      { labels: defaultLabelNames, matchers: [], startMs: hour, endMs: 4 * hour, stepMs: hour },
      never,
    );
    expect(states.map(({ atMs, state }) => [atMs / hour, state])).toEqual([
      [1, 'in_service'],
      [2, 'failed'],
      [3, 'in_service'],
    ]);
    expect([...lives.values()]).toEqual([{ installedMs: undefined, repairedMs: [3 * hour], movedMs: [] }]);
  }
});

test('samples of a flag are read only where it changed', async () => {
  const timesMs = Float64Array.of(1, 2, 3, 4, 5).map((each) => each * hour);
  const labels = { cluster: 'prod', node: 'gpu-01', uuid: 'GPU-1' };
  const read: number[] = [];
  const api: HistoryApi = {
    usage,
    range: async (expr) =>
      expr.includes('(gpu_row_remap_failure') ? [{ labels, timesMs, values: Float64Array.of(0, 1, 1, 1, 0) }] : [],
    raw: async (_, { endMs }) => {
      read.push(endMs / hour);
      const isFirst = endMs === 2 * hour;
      return [
        {
          labels,
          timesMs: Float64Array.of(endMs - 120_000, endMs - 60_000),
          values: Float64Array.of(isFirst ? 0 : 1, isFirst ? 1 : 0),
        },
      ];
    },
  };
  const remaps = await readRemaps(api, {
    labels: defaultLabelNames,
    matchers: [],
    stepMs: hour,
    startMs: 0,
    endMs: 5 * hour,
    signal: never,
  });
  expect(read).toEqual([2, 5]);
  expect(remaps.map(({ atMs, hasFailed }) => [atMs, hasFailed])).toEqual([
    [2 * hour - 60_000, true],
    [5 * hour - 60_000, false],
  ]);
});
