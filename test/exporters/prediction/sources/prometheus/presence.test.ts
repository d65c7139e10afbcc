import { keyOfEntity } from '../../../../../exporters/prediction/entity.ts';
import type { HistoryApi } from '../../../../../exporters/prediction/sources/prometheus/history-api.ts';
import { createPresence } from '../../../../../exporters/prediction/sources/prometheus/presence.ts';
import { defaultLabelNames } from '../../../../../exporters/prediction/sources/prometheus/series-labels.ts';
import { dayMs, startMs } from '../../fleet.ts';

type Asked = Parameters<HistoryApi['range']>[1] & { readonly expr: string };

const signal = new AbortController().signal;
const mostRows = 1000;
const untilDay = (day: number, from = 0) => ({ fromMs: startMs + from * dayMs, untilMs: startMs + day * dayMs + 1 });

/** GPUs by the days, from the first on, that have a sample of them at midnight. */
function fakePresence(days: Readonly<Record<string, readonly number[]>>) {
  const asked: Asked[] = [];
  const api: Pick<HistoryApi, 'range'> & { fails: boolean } = {
    fails: false,
    range: async (expr, span) => {
      if (api.fails) throw new Error('down');
      asked.push({ expr, ...span });
      const isGpu = expr.includes('gpu_info');
      const names = isGpu ? Object.keys(days) : [];
      return names.map((uuid) => {
        const timesMs = (days[uuid] ?? [])
          .map((day) => startMs + day * dayMs)
          .filter((ms) => ms >= span.startMs && ms <= span.endMs);
        return { labels: { cluster: 'prod', node: 'gpu-01', uuid }, timesMs: Float64Array.from(timesMs), values: [] };
      }) as never;
    },
  };
  const presence = createPresence({ api: api as never, labels: defaultLabelNames, matchers: ['env="x"'] });
  const rows = (kind: 'gpu' | 'node', most = mostRows) => {
    const { entities, entity, atMs } = presence.table(kind, most);
    return Array.from(atMs, (ms, row) => {
      const who = entities[entity[row] ?? -1];
      return `${(ms - startMs) / dayMs} ${who === undefined ? '?' : keyOfEntity(who).split('/').at(-1)}`;
    });
  };
  return { api, asked, presence, rows };
}

test('a row of each GPU and node at each midnight that shows it, in order of time', async () => {
  const { presence, rows } = fakePresence({ 'GPU-b': [1, 2, 3], 'GPU-a': [2] });
  await presence.readUntil(untilDay(3), signal);
  expect(rows('gpu')).toEqual(['1 GPU-b', '2 GPU-a', '2 GPU-b', '3 GPU-b']);
  expect(rows('node')).toEqual(['1 gpu-01', '2 gpu-01', '3 gpu-01']);
  expect(presence.table('gpu', mostRows).schema.names).toEqual([]);
});

test('each midnight is read once, a failure is made up for, and what is too old is forgotten', async () => {
  const { api, asked, presence, rows } = fakePresence({ 'GPU-a': Array.from({ length: 100 }, (_, day) => day) });
  await presence.readUntil(untilDay(40), signal);
  api.fails = true;
  await expect(presence.readUntil(untilDay(42), signal)).rejects.toThrow('down');
  api.fails = false;
  await presence.readUntil(untilDay(42), signal);
  await presence.readUntil(untilDay(42, 39), signal);
  const spans = asked
    .filter(({ expr }) => expr.includes('gpu_info{env="x"}'))
    .map(({ startMs: from, endMs }) => [from, endMs].map((ms) => (ms - startMs) / dayMs));
  expect(spans).toEqual([
    [1, 30],
    [31, 40],
    [41, 42],
  ]);
  expect(rows('gpu')).toEqual(['40 GPU-a', '41 GPU-a', '42 GPU-a']);
});

test('where there are too many rows, whole days are left out', async () => {
  const { presence, rows } = fakePresence({ 'GPU-a': [1, 2, 3, 4], 'GPU-b': [1, 2, 3, 4] });
  await presence.readUntil(untilDay(4), signal);
  const days = rows('gpu', 5).map((row) => row.split(' ')[0]);
  expect(days).toHaveLength(4);
  expect(days.filter((day) => day === days[0])).toHaveLength(2);
});

test('nobody was there: a table without rows', async () => {
  const { presence } = fakePresence({});
  await presence.readUntil(untilDay(3), signal);
  expect(presence.table('gpu', mostRows)).toMatchObject({ entities: [], atMs: new Float64Array(0) });
});
