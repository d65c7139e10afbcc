import { verbatim } from '../../metrics/promql.ts';
import { badEventsIn, errorRatioIn, nativeLatency } from '../../rules/slo/indicator.ts';
import { eventually } from '../support/eventually.ts';
import { startNativeHistogramTarget } from '../support/native-histogram-target.ts';
import { startPrometheus } from '../support/prometheus.ts';

/** Unit tests of promtool cannot write native histograms, so a Prometheus scrapes one. */
test('a real Prometheus tells the share of a native histogram that is too slow', async () => {
  // Three in four take up to half a second, the fourth up to two.
  const target = await startNativeHistogramTarget([
    { index: -1, count: 3 },
    { index: 1, count: 1 },
  ]);
  const idle = await startNativeHistogramTarget([{ index: 0, count: 0 }]);
  const prometheus = await startPrometheus({
    config: `global: {scrape_interval: 1s}
scrape_configs:
  - job_name: x
    static_configs: [{targets: ['${target.address}'], labels: {cluster: c1}}]
  - job_name: idle
    static_configs: [{targets: ['${idle.address}'], labels: {cluster: c1}}]
`,
    args: ['--enable-feature=native-histograms'],
  });
  const answerTo = async (query: string): Promise<number | undefined> => {
    const response = await fetch(`${prometheus.url}/api/v1/query?query=${encodeURIComponent(query)}`);
    const text = await response.text();
    if (!response.ok) throw new Error(text);
    const [, value] = /"value":\[[^,]*,"([^"]+)"\]/.exec(text) ?? [];
    return value === undefined ? undefined : Number(value);
  };
  try {
    const below = (seconds: number, name = 'x_seconds{job="x"}') => nativeLatency(['cluster'], verbatim(name), seconds);
    const ratio = await eventually('two scrapes', () => answerTo(errorRatioIn(below(0.5), '5m').promql));
    expect(ratio).toBeCloseTo(0.25, 6);
    expect(await answerTo(errorRatioIn(below(2), '5m').promql)).toBeCloseTo(0, 6);
    const bad = await answerTo(`${badEventsIn(below(0.5), '5m').promql} / (${below(0.5).events('5m').promql})`);
    expect(bad).toBeCloseTo(0.25, 6);
    expect(await answerTo(errorRatioIn(below(0.5, 'no_seconds'), '5m').promql)).toBeUndefined();
    // The fraction of no events is NaN, which must not get into sums of bad events.
    const nothing = below(0.5, 'x_seconds{job="idle"}');
    const none = await eventually('two scrapes of the idle one', () => answerTo(nothing.events('5m').promql));
    expect(none).toBe(0);
    expect(await answerTo(badEventsIn(nothing, '5m').promql)).toBe(0);
    expect(await answerTo(errorRatioIn(nothing, '5m').promql)).toBeUndefined();
  } finally {
    await prometheus.stop();
    await target.stop();
    await idle.stop();
  }
});
