/**
 * What must not compile. tsc fails if one of these lines begins to be legal, and the messages that a reader sees are the compiler's.
 */
import type { Emit } from '../../kit/exposition/samples.ts';
import { defineMetrics, type Metric } from '../../metrics/define.ts';
import { fleetlens } from '../../metrics/fleetlens.ts';
import { gpu } from '../../metrics/gpu.ts';
import { bucket, duration, promql, select, series } from '../../metrics/promql.ts';
import { defineRecordings } from '../../rules/recording.ts';

const recorded = defineRecordings(
  { group: 'example' },
  {
    'node:gpu_utilization_ratio:avg': {
      help: 'Mean.',
      unit: 'ratio',
      labels: ['cluster', 'node'],
      expr: promql`avg by (cluster, node) (${gpu.gpu_utilization_ratio})`,
    },
  },
).series;

export function wrongMetrics(): readonly unknown[] {
  const metrics = defineMetrics('example', {
    gpu_faults: { kind: 'counter', unit: 'none', help: 'Faults.', labels: [] },
    gpu_board: { kind: 'info', unit: 'none', help: 'Facts.', labels: [] },
    // @ts-expect-error a label that is not in the vocabulary
    gpu_sold_total: { kind: 'counter', unit: 'none', help: 'Sold.', labels: ['colour'] },
    // @ts-expect-error a unit that is no base unit
    gpu_speed_mhz: { kind: 'gauge', unit: 'megahertz', help: 'Speed.', labels: [] },
  });
  return [
    // @ts-expect-error a counter without _total
    metrics.gpu_faults satisfies Metric,
    // @ts-expect-error an info series without _info
    metrics.gpu_board satisfies Metric,
  ];
}

export function wrongExpressions(): readonly unknown[] {
  return [
    // @ts-expect-error a metric that does not exist
    promql`${gpu.gpu_temprature_celsius} > 80`,
    // @ts-expect-error a raw string in an expression
    promql`${'gpu_temperature_celsius'} > 80`,
    // @ts-expect-error an object that only looks like an expression
    promql`${{ promql: 'gpu_temperature_celsius' }} > 80`,
    // @ts-expect-error a histogram has no series of its own name
    promql`rate(${fleetlens.fleetlens_scrape_render_seconds}[5m])`,
    // @ts-expect-error a label that the metric does not have
    select(gpu.gpu_temperature_celsius, { xid: '79' }),
    // @ts-expect-error a typing error in a label
    select(gpu.gpu_temperature_celsius, { nod: 'a' }),
    // @ts-expect-error a label that the recording rule aggregated away
    select(recorded['node:gpu_utilization_ratio:avg'], { uuid: 'GPU-0' }),
    // @ts-expect-error only histograms have buckets
    bucket(gpu.gpu_temperature_celsius),
    // @ts-expect-error a series in an example needs every label of its metric
    series(gpu.gpu_temperature_celsius, { gpu_id: '0' }),
    // @ts-expect-error a duration without unit
    duration('5'),
  ];
}

export function wrongSamples(emit: Emit<typeof gpu>): void {
  // @ts-expect-error a label is missing
  emit('gpu_temperature_celsius', { gpu_id: '0' }, 60);
  // @ts-expect-error node is set by relabelling, never by an exporter
  emit('gpu_temperature_celsius', { gpu_id: '0', uuid: 'GPU-0', node: 'a' }, 60);
  // @ts-expect-error a metric of another catalogue
  emit('fleetlens_collector_success', { collector: 'x' }, 1);
  // @ts-expect-error a text is no value
  emit('gpu_temperature_celsius', { gpu_id: '0', uuid: 'GPU-0' }, '60');
}
