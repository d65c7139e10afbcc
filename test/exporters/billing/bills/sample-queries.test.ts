import type { ExplainedWindow } from '../../../../exporters/billing/bills/explain.ts';
import { sampleQueries } from '../../../../exporters/billing/bills/sample-queries.ts';
import { goodWindow } from '../../../support/billing-book.ts';

const hourMs = 3_600_000;
const start = Date.UTC(2026, 2, 1);

function windowOf(hour: number, queries: readonly string[], more: Partial<ExplainedWindow> = {}): ExplainedWindow {
  const span = { startMs: start + hour * hourMs, endMs: start + (hour + 1) * hourMs };
  return { ...goodWindow({ span, evidence: { source: 'main', queries, samples: 1 } }), ...more };
}

test.each([
  ['gpu_allocated_seconds_total'],
  ['tokens_total{kind="proxy"}'],
  ['{__name__="a:b",pod=~"x(y){2}"}'],
  ['a{b="}\\"("}'],
])('%s gives samples: it is asked for a range that begins before the window', (selector) => {
  expect(sampleQueries([windowOf(0, [selector])])).toEqual([
    {
      source: 'main',
      cluster: 'c1',
      kind: 'samples',
      query: `${selector}[3900s]`,
      span: { startMs: start, endMs: start + hourMs },
      path: `/api/v1/query?${new URLSearchParams({ query: `${selector}[3900s]`, time: String(start / 1000 + 3600) })}`,
    },
  ]);
});

test.each([
  ['group by (uuid) (last_over_time(gpu_info[6101696ms]))'],
  ['topk(1, up)'],
  ['sum(x)'],
  ['a + b'],
  ['count(count_over_time(up[203714ms]))'],
])('%s is context, and asked as it is', (query) => {
  const [found] = sampleQueries([windowOf(0, [query])]);
  expect([found?.kind, found?.query]).toEqual(['context', query]);
  expect(new URLSearchParams(found?.path.split('?')[1]).get('query')).toBe(query);
});

test('a range that is told already is not put on again', () => {
  expect(sampleQueries([windowOf(0, ['up[5m]', 'up[5m] offset 1h'])]).map(({ query }) => query)).toEqual([
    'up[3900s]',
    'up[3900s]',
  ]);
});

test('samples come first; windows that follow each other are one stretch, of a day at most; clusters are told apart', () => {
  const windows = [
    ...Array.from({ length: 26 }, (_, hour) => windowOf(25 - hour, ['sum(up)', 'up'])),
    windowOf(30, ['up']),
    windowOf(0, ['up'], { cluster: 'c2' }),
  ];
  const found = sampleQueries(windows).map(({ query, cluster, span }) => [
    query,
    cluster,
    (span.startMs - start) / hourMs,
    (span.endMs - start) / hourMs,
  ]);
  expect(found).toEqual([
    ['up[86700s]', 'c1', 0, 24],
    ['up[7500s]', 'c1', 24, 26],
    ['up[3900s]', 'c1', 30, 31],
    ['up[3900s]', 'c2', 0, 1],
    ['sum(up)', 'c1', 0, 24],
    ['sum(up)', 'c1', 24, 26],
  ]);
});
