import { gpu } from '../../../metrics/gpu.ts';
import { inference } from '../../../metrics/inference.ts';
import { countOf, type Expr, type PlainMetric, promql, sumOf } from '../../../metrics/promql.ts';
import { training } from '../../../metrics/training.ts';
import type { EntityKind } from '../entity.ts';
import type { Floor } from './tail-ratio.ts';

/** One quantity that is watched for every entity of a kind. */
export interface Signal {
  /** Safe as a label value. */
  readonly name: string;
  readonly kind: EntityKind;
  /** An instant vector with `cluster`, `node` and, for a GPU, `uuid`, one value for each entity. */
  readonly query: string;
  /** The least deviation: 1 % of the range that the quantity has, or of its mean where it has none. */
  readonly floor: Floor;
}

const perGpu = (expr: PlainMetric | Expr): string => promql`max by (cluster, node, uuid) (${expr})`.promql;
const perNode = (expr: PlainMetric | Expr): string => promql`max by (cluster, node) (${expr})`.promql;
const rangeOf = (range: number): Floor => ({ absolute: range / 100, relative: 0 });
/** 1 % of the mean, for what has no range of its own. */
const ofMean: Floor = { absolute: 0, relative: 0.01 };

const nvlinkErrors = promql`sum by (cluster, node, uuid) (rate(${gpu.gpu_nvlink_errors_total}[15m]))`;
const latency = promql`sum by (cluster, node) (rate(${sumOf(inference.inference_request_duration_seconds)}[5m])) / (sum by (cluster, node) (rate(${countOf(inference.inference_request_duration_seconds)}[5m])) > 0)`;

/** Every signal that we know, in the order of the scores. */
export const signals: readonly Signal[] = [
  { name: 'gpu_temperature', kind: 'gpu', query: perGpu(gpu.gpu_temperature_celsius), floor: rangeOf(100) },
  {
    name: 'gpu_memory_temperature',
    kind: 'gpu',
    query: perGpu(gpu.gpu_memory_temperature_celsius),
    floor: rangeOf(100),
  },
  { name: 'gpu_power', kind: 'gpu', query: perGpu(gpu.gpu_power_watts), floor: rangeOf(700) },
  { name: 'gpu_sm_clock', kind: 'gpu', query: perGpu(gpu.gpu_sm_clock_hertz), floor: rangeOf(2e9) },
  { name: 'gpu_memory_clock', kind: 'gpu', query: perGpu(gpu.gpu_memory_clock_hertz), floor: rangeOf(2e9) },
  { name: 'gpu_utilization', kind: 'gpu', query: perGpu(gpu.gpu_utilization_ratio), floor: rangeOf(1) },
  {
    name: 'gpu_pcie_replay_rate',
    kind: 'gpu',
    query: perGpu(promql`rate(${gpu.gpu_pcie_replays_total}[15m])`),
    // A replay in a hundred seconds: a link that is well has none for hours.
    floor: { absolute: 0.01, relative: 0 },
  },
  {
    name: 'gpu_nvlink_error_rate',
    kind: 'gpu',
    query: nvlinkErrors.promql,
    floor: { absolute: 0.01, relative: 0 },
  },
  {
    name: 'training_step_time',
    kind: 'node',
    query: perNode(training.training_step_duration_median_seconds),
    floor: ofMean,
  },
  { name: 'inference_latency', kind: 'node', query: latency.promql, floor: ofMean },
];
