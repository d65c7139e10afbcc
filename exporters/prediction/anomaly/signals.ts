import { gpu } from '../../../metrics/gpu.ts';
import { inference } from '../../../metrics/inference.ts';
import { countOf, type PlainMetric, sumOf } from '../../../metrics/promql.ts';
import { training } from '../../../metrics/training.ts';
import type { EntityKind } from '../entity.ts';
import { selectorOf } from '../sources/prometheus/matchers.ts';
import type { LabelNames } from '../sources/prometheus/series-labels.ts';
import type { Floor } from './tail-ratio.ts';

/** Which series of a source are asked for, and what tells whose they are. */
export interface SignalAsking {
  readonly labels: LabelNames;
  readonly matchers: readonly string[];
}

/** One quantity that is watched for every entity of a kind. */
export interface Signal {
  /** Safe as a label value. */
  readonly name: string;
  readonly kind: EntityKind;
  /** The least deviation: 1 % of the range that the quantity has, or of its mean where it has none. */
  readonly floor: Floor;
}

/** One that is asked for. */
export interface AskedSignal extends Signal {
  /**
   * An instant vector with the labels of cluster and node and, for a GPU, `uuid` and `instance`, which tells the node where no label does; one value for each
   * entity, or for each target that shows a GPU.
   */
  readonly query: (asking: SignalAsking) => string;
}

const ofGpu = ({ labels }: SignalAsking): string => `by (${labels.cluster}, ${labels.node}, instance, uuid)`;
const ofNode = ({ labels }: SignalAsking): string => `by (${labels.cluster}, ${labels.node})`;
const gauge =
  (by: (asking: SignalAsking) => string, { name }: PlainMetric) =>
  (asking: SignalAsking): string =>
    `max ${by(asking)} (${selectorOf(name, asking.matchers)})`;
const rate =
  (how: 'max' | 'sum', { name }: PlainMetric) =>
  (asking: SignalAsking): string =>
    `${how} ${ofGpu(asking)} (rate(${selectorOf(name, asking.matchers)}[15m]))`;
const rangeOf = (range: number): Floor => ({ absolute: range / 100, relative: 0 });
/** 1 % of the mean, for what has no range of its own. */
const ofMean: Floor = { absolute: 0, relative: 0.01 };

function latency(asking: SignalAsking): string {
  const rateOf = (name: string): string => `sum ${ofNode(asking)} (rate(${selectorOf(name, asking.matchers)}[5m]))`;
  const duration = inference.inference_request_duration_seconds;
  return `${rateOf(sumOf(duration).promql)} / (${rateOf(countOf(duration).promql)} > 0)`;
}

/** Every signal that we know, in the order of the scores. */
export const signals: readonly AskedSignal[] = [
  { name: 'gpu_temperature', kind: 'gpu', query: gauge(ofGpu, gpu.gpu_temperature_celsius), floor: rangeOf(100) },
  {
    name: 'gpu_memory_temperature',
    kind: 'gpu',
    query: gauge(ofGpu, gpu.gpu_memory_temperature_celsius),
    floor: rangeOf(100),
  },
  { name: 'gpu_power', kind: 'gpu', query: gauge(ofGpu, gpu.gpu_power_watts), floor: rangeOf(700) },
  { name: 'gpu_sm_clock', kind: 'gpu', query: gauge(ofGpu, gpu.gpu_sm_clock_hertz), floor: rangeOf(2e9) },
  { name: 'gpu_memory_clock', kind: 'gpu', query: gauge(ofGpu, gpu.gpu_memory_clock_hertz), floor: rangeOf(2e9) },
  { name: 'gpu_utilization', kind: 'gpu', query: gauge(ofGpu, gpu.gpu_utilization_ratio), floor: rangeOf(1) },
  {
    name: 'gpu_pcie_replay_rate',
    kind: 'gpu',
    query: rate('max', gpu.gpu_pcie_replays_total),
    // A replay in a hundred seconds: a link that is well has none for hours.
    floor: { absolute: 0.01, relative: 0 },
  },
  {
    name: 'gpu_nvlink_error_rate',
    kind: 'gpu',
    query: rate('sum', gpu.gpu_nvlink_errors_total),
    floor: { absolute: 0.01, relative: 0 },
  },
  {
    name: 'training_step_time',
    kind: 'node',
    query: gauge(ofNode, training.training_step_duration_median_seconds),
    floor: ofMean,
  },
  { name: 'inference_latency', kind: 'node', query: latency, floor: ofMean },
];
