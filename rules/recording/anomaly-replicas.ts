import { inference } from '../../metrics/inference.ts';
import { countOf, promql, sumOf } from '../../metrics/promql.ts';
import { defineRecordings } from '../recording.ts';
import { perReplica } from '../serving.ts';

const latency = inference.inference_inter_token_latency_seconds;

/** How each replica of a model does. Cost: five minutes of two counters of each replica. */
export const anomalyReplicasGroup = defineRecordings(
  { group: 'anomaly-replicas', interval: '1m' },
  {
    'model_instance:inference_inter_token_latency_seconds:mean5m': {
      help: 'Mean time between two tokens at the replica; absent while it makes none.',
      unit: 'seconds',
      labels: ['cluster', 'engine_kind', 'model_name', 'instance'],
      expr: promql`${perReplica(promql`rate(${sumOf(latency)}[5m])`)} / (${perReplica(promql`rate(${countOf(latency)}[5m])`)} > 0)`,
    },
  },
);
