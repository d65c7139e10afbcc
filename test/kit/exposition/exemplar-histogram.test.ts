import { type OpenMetricsContentType, Registry } from 'prom-client';
import { exemplarHistogramOf } from '../../../kit/exposition/exemplar-histogram.ts';
import { registryFamilies } from '../../../kit/exposition/prom-client.ts';
import { renderExposition } from '../../../kit/exposition/render.ts';
import { defineMetrics } from '../../../metrics/define.ts';

const catalogue = defineMetrics('test', {
  test_wait_seconds: { kind: 'histogram', unit: 'seconds', help: 'Wait.', labels: ['kind'], buckets: [1, 2] },
});
const trace = { trace_id: '0af7651916cd43dd8448eb211c80319c' };

function openMetricsRegistry(): Registry<OpenMetricsContentType> {
  const registry = new Registry<OpenMetricsContentType>();
  registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
  return registry;
}

test('each bucket keeps its last exemplar, and the text format has none', async () => {
  const registry = openMetricsRegistry();
  const histogram = exemplarHistogramOf(registry, catalogue.test_wait_seconds);
  histogram.observe({ kind: 'a' }, 0.5, { trace_id: 'b'.repeat(32) });
  histogram.observe({ kind: 'a' }, 0.7, trace);
  histogram.observe({ kind: 'a' }, 0.9);
  histogram.observe({ kind: 'a' }, 5, trace);
  histogram.child({ kind: 'a' }).observe(1.5);
  const families = await registryFamilies(registry);
  const openMetrics = renderExposition('openmetrics', families).replaceAll(/\} ([\d.]+) \d{10}[\d.]*$/gm, '} $1 TIME');
  expect(openMetrics).toBe(`# TYPE test_wait_seconds histogram
# HELP test_wait_seconds Wait.
test_wait_seconds_bucket{le="1",kind="a"} 3 # {trace_id="${trace.trace_id}"} 0.7 TIME
test_wait_seconds_bucket{le="2",kind="a"} 4
test_wait_seconds_bucket{le="+Inf",kind="a"} 5 # {trace_id="${trace.trace_id}"} 5 TIME
test_wait_seconds_sum{kind="a"} 8.6
test_wait_seconds_count{kind="a"} 5
# EOF
`);
  expect(renderExposition('text', families)).not.toContain('trace_id');
  // Two families of one name, as two registries may have them.
  expect(renderExposition('openmetrics', [...families, ...families]).match(/trace_id/g)).toHaveLength(4);
  expect(renderExposition('text', [...families, ...families])).not.toContain('trace_id');
});

test('a registry for the text format drops them', async () => {
  const registry = new Registry();
  const histogram = exemplarHistogramOf(registry, catalogue.test_wait_seconds, [0.1]);
  histogram.observe({ kind: 'a' }, 0.05, trace);
  const text = renderExposition('openmetrics', await registryFamilies(registry));
  expect(text).toContain('test_wait_seconds_bucket{le="0.1",kind="a"} 1\n');
  expect(text).not.toContain('trace_id');
});
