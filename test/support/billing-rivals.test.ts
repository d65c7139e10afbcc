import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { accrualOfCounter } from '../../exporters/billing/metering/counter.ts';
import { withinSpan } from '../../exporters/billing/metering/within-span.ts';
import { countedSeries, scrapes, seriesOf } from './billing-counter.ts';
import { hour, minute, span } from './billing-device.ts';
import { increaseOf, openCostGpuMs } from './billing-rivals.ts';
import { tool } from './tools.ts';

describe('increase', () => {
  const values = [0, 10, 25, 40, 3, 18, 33, 48, 63, 78, 93, 108, 5, 20, 35, 50, 65, 80, 95, 110, 125];
  const series = seriesOf(values.map((value, at) => [at * 15_000, value]));

  test.each([
    ['whole', 0, 300_000],
    ['with restarts, edges between samples', 20_000, 160_000],
    ['where it cannot have been below 0', 58_000, 118_000],
    ['that reaches beyond the samples', 200_000, 420_000],
  ])('is what Prometheus says of a range %s', (_, startMs, endMs) => {
    const expected = increaseOf(series, span(startMs, endMs));
    expect(promtoolSays(values, endMs, endMs - startMs)).toBeCloseTo(expected ?? Number.NaN, 9);
  });

  test('of fewer than two samples is nothing', () => {
    expect(increaseOf(series, span(1_000, 16_000))).toBeUndefined();
  });
});

/** The value that promtool names when nothing was expected. */
function promtoolSays(values: readonly number[], atMs: number, rangeMs: number): number {
  const folder = mkdtempSync(join(tmpdir(), 'fl-rivals-'));
  try {
    const file = join(folder, 'test.yaml');
    const test = {
      interval: '15s',
      input_series: [{ series: 'x_total', values: values.join(' ') }],
      promql_expr_test: [{ expr: `increase(x_total[${rangeMs}ms])`, eval_time: `${atMs}ms`, exp_samples: [] }],
    };
    // promtool loads samples up to the last evaluation of rules before the time that is asked for.
    writeFileSync(file, JSON.stringify({ rule_files: [], evaluation_interval: '1s', tests: [test] }));
    const { stdout, stderr } = spawnSync(tool('promtool'), ['test', 'rules', file], { encoding: 'utf8' });
    return Number(/got: \{\} (\S+)/.exec(stdout + stderr)?.[1]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('the method of OpenCost', () => {
  const present = (...spans: readonly (readonly [number, number])[]) =>
    seriesOf(
      scrapes(0, hour, 30_000)
        .filter((at) => spans.some(([from, to]) => at >= from && at < to))
        .map((at): [number, number] => [at, 1]),
    );

  test('a pod that is there all the time has the window', () => {
    expect(openCostGpuMs(present([0, 2 * hour]), span(0, hour))).toBe(hour);
  });

  test('a gap in the middle counts as running, and the end is up to a lookback late', () => {
    const series = present([0, 10 * minute], [50 * minute, 2 * hour]);
    expect(openCostGpuMs(series, span(0, hour))).toBe(hour);
    expect(openCostGpuMs(present([0, 10 * minute]), span(0, hour))).toBe(14 * minute);
    expect(openCostGpuMs({ ...present([0, 10 * minute]), staleAtMs: [10 * minute] }, span(0, hour))).toBe(9 * minute);
  });

  test('a pod that nobody saw has nothing, and requests are averaged', () => {
    expect(openCostGpuMs(present(), span(0, hour))).toBe(0);
    const changed = seriesOf(scrapes(0, hour, 30_000).map((at): [number, number] => [at, at < hour / 2 ? 1 : 3]));
    expect(openCostGpuMs(changed, span(0, hour)) / hour).toBeCloseTo(2, 1);
  });
});

test('ten short pods in an hour: metered to the millisecond, missed by the others', () => {
  const held = Array.from({ length: 10 }, (_, at) => span(at * 300_000 + 61_237, at * 300_000 + 61_237 + 47_111));
  const scrapedAt = scrapes(0, 2 * hour, 15_000);
  const window = span(0, hour);
  let [metered, increased, averaged] = [0, 0, 0];
  for (const one of held) {
    const series = countedSeries({ held: [one], scrapedAt, pollMs: 0 });
    const options = { scale: 1000, fromMs: 0, growsWithTime: true, scrapedAt: Float64Array.from(scrapedAt) };
    metered += Number(withinSpan(accrualOfCounter(series, options).accrual, window));
    increased += (increaseOf(series, window) ?? 0) * 1000;
    const there = scrapedAt.filter((at) => at >= one.startMs && at < one.endMs).map((at): [number, number] => [at, 1]);
    averaged += openCostGpuMs({ ...seriesOf(there), staleAtMs: [one.endMs + 15_000] }, window);
  }
  expect(metered).toBe(471_110);
  expect(Math.abs(increased - 471_110)).toBeGreaterThan(50_000);
  expect(Math.abs(averaged - 471_110)).toBeGreaterThan(50_000);
});
