import { aroundOf, columnsAround } from '../../../../exporters/billing/sources/around.ts';
import { keyOfTarget, type Scrapes, type TargetScrapes } from '../../../../exporters/billing/sources/scrapes.ts';
import type { Store } from '../../../../exporters/billing/sources/store.ts';
import type { Span } from '../../../../exporters/billing/span.ts';

const minute = 60_000;
const range: Span = { startMs: 100 * minute, endMs: 160 * minute };
const times = Float64Array.of(1);

function target(instance: string, earlierMs = 0, laterMs = 0): TargetScrapes {
  return {
    job: 'gpu',
    instance,
    attempts: { labels: {}, timesMs: times, values: times },
    okMs: times,
    intervalMs: 15_000,
    range: { startMs: range.startMs - earlierMs, endMs: range.endMs + laterMs },
  };
}

function scrapes(...targets: readonly TargetScrapes[]): Scrapes {
  const byKey = new Map(targets.map((each) => [keyOfTarget(each), each]));
  return { targets: byKey, intervalMs: 15_000, range, dark: [], newestMs: range.endMs };
}

test('targets that were scraped at the edges are read right around the windows', () => {
  expect(aroundOf(scrapes(target('a'), target('b')))).toEqual({ near: range, far: [] });
});

test('those with a gap at an edge from further away, in few lengths', () => {
  const all = scrapes(
    target('a'),
    target('b', minute),
    target('c', 10 * minute),
    target('d', 15 * minute + 1),
    target('e', 0, 300 * minute),
  );
  const { near, far } = aroundOf(all);
  expect(near).toEqual(range);
  expect(far.map(({ span, matchers }) => [span.startMs / minute, span.endMs / minute, matchers[1]])).toEqual([
    [85, 160, 'instance=~"b|c"'],
    [40, 160, 'instance="d"'],
    [100, 160 + 960, 'instance="e"'],
  ]);
});

test('all of them, if Prometheus itself may have been away', () => {
  expect(aroundOf(scrapes(target('a', minute), target('b', 90 * minute, 5 * minute)))).toEqual({
    near: { startMs: 10 * minute, endMs: 165 * minute },
    far: [],
  });
});

test('each series comes from one question', async () => {
  const asked: unknown[] = [];
  const store: Pick<Store, 'columns'> = {
    columns: async (selector, span, more = []) => {
      asked.push([selector, span.startMs / minute, ...more]);
      const instances = more.length > 1 ? ['b', 'other-job'] : ['a', 'b'];
      return instances.map((instance) => ({
        labels: { job: instance === 'other-job' ? 'x' : 'gpu', instance },
        timesMs: Float64Array.of(span.startMs),
        values: times,
      }));
    },
  };
  const around = aroundOf(scrapes(target('a'), target('b', minute)));
  const series = await columnsAround(store as Store, 'energy', around, ['namespace="n"']);
  expect(series.map(({ labels, timesMs }) => [labels['instance'], (timesMs[0] ?? 0) / minute])).toEqual([
    ['a', 100],
    ['b', 85],
  ]);
  expect(asked).toEqual([
    ['energy', 100, 'namespace="n"'],
    ['energy', 85, 'namespace="n"', 'job="gpu"', 'instance="b"'],
  ]);
});
