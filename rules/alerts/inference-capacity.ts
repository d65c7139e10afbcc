import { inference } from '../../metrics/inference.ts';
import type { Expr } from '../../metrics/promql.ts';
import { promql, select, series } from '../../metrics/promql.ts';
import { defineAlerts } from '../alert.ts';
import { exampleEngineTarget, exampleModel, exampleProxyModel } from '../examples.ts';
import { addReplicas, lookAtEngine, lookAtLoad, whichModel } from '../inference-texts.ts';
import { inferenceGroup } from '../recording/inference.ts';
import { isEngine, perReplica } from '../serving.ts';
import { thresholds } from '../thresholds.ts';

const waiting = inferenceGroup.series['model:inference_requests_waiting:sum'];
const preemptions = inferenceGroup.series['model:inference_preemptions:rate5m'];
const hitRatio = inferenceGroup.series['model:model_cache_hit_ratio:rate5m'];
const usualHitRatio = promql`quantile_over_time(0.5, ${hitRatio}[1d] offset 1h)`;
const waitingAtEngines = select(waiting, isEngine);

function meanOf(gauge: Parameters<typeof select>[0]): Expr {
  return perReplica(promql`avg_over_time(${select(gauge, isEngine)}[10m])`);
}

const active = meanOf(inference.inference_active_connections);
/** Requests at each replica, those that wait included where it tells them. */
const load = promql`(${active} + ${meanOf(inference.inference_requests_waiting)} or ${active})`;

const otherModel = { ...exampleModel, model_name: 'qwen-72b' } as const;
type Model = typeof exampleModel | typeof otherModel;

function replica(name: string) {
  return { ...exampleEngineTarget, ...exampleModel, node: name, instance: `${name}:8000` } as const;
}

function activeAt(name: string, values: string, model: Model = exampleModel): readonly [Expr, string] {
  return [series(inference.inference_active_connections, { ...replica(name), ...model, tenant: '' }), values];
}

function waitingAt(name: string, values: string): readonly [Expr, string] {
  return [series(inference.inference_requests_waiting, { ...replica(name), tenant: '' }), values];
}

const exampleReplica = { ...exampleModel, instance: 'n2:8000' } as const;

export default defineAlerts({
  theme: 'inference-capacity',
  alerts: [
    {
      name: 'InferenceQueueGrowing',
      expr: promql`${waitingAtEngines} > ${thresholds.inferenceQueueCount}
and
deriv(${waitingAtEngines}[10m]) > 0`,
      thresholds: ['inferenceQueueCount'],
      for: '5m',
      keepFiringFor: '5m',
      severity: 'warning',
      action: 'investigate',
      domain: 'inference',
      team: 'workload',
      summary: 'Requests to a model queue at the engine, and the queue grows.',
      description: `${whichModel} has {{ $value | humanize }} requests waiting, and more come than leave. Add replicas, or find the tenant that sends more than usual.`,
      runbook: {
        meaning:
          'More requests come than the replicas finish, so each new one waits longer than the one before. Left alone, clients run into their timeouts and try again, which makes it worse.',
        firstLook: [
          'More requests, or slower ones: `model:inference_requests:rate5m`, and tokens per answer `model:inference_tokens_generated:rate5m / model:inference_requests:rate5m`.',
          'Replicas that are gone: alerts InferenceEngineDown and InferenceEngineUnreachable, `kubectl get pods -o wide`.',
          'One replica or all: alert InferenceReplicaImbalance.',
          'Who sends: on the board LLM serving, requests by tenant.',
        ],
        remedy: [
          addReplicas,
          'Let it refuse early: a limit of concurrent requests for the tenant at the proxy, so that clients back off instead of queueing.',
          'Room for a larger batch: vLLM `--max-num-seqs`, `--gpu-memory-utilization`.',
        ],
      },
      fires: {
        when: 'The queue has grown to eleven requests within minutes',
        series: [[series(waiting, exampleModel), '0x5 2+1x9 11x10']],
        at: '20m',
        alerts: [exampleModel],
      },
      quiet: {
        when: 'A queue of thirty shrinks, another has grown to ten, and requests wait at the proxy for a limit',
        series: [
          [series(waiting, exampleModel), '60-2x20'],
          [series(waiting, otherModel), '0x5 2+2x4 10x15'],
          [series(waiting, { ...exampleProxyModel, model_name: '' }), '0+5x30'],
        ],
        at: '15m',
      },
    },
    {
      name: 'InferenceKvCacheSaturated',
      expr: promql`max by (cluster, engine_kind, model_name, instance) (avg_over_time(${inference.inference_kv_cache_usage_ratio}[5m])) > ${thresholds.inferenceKvCacheRatio}
unless on (cluster, engine_kind, model_name)
max_over_time(${waiting}[5m]) == 0`,
      thresholds: ['inferenceKvCacheRatio'],
      for: '10m',
      keepFiringFor: '5m',
      severity: 'warning',
      action: 'investigate',
      domain: 'inference',
      team: 'workload',
      summary: 'The KV cache of an engine is full, so requests wait for memory.',
      description: `${whichModel} uses {{ $value | humanizePercentage }} of the KV cache at {{ $labels.instance }} while requests wait. Give it more memory or fewer long requests.`,
      runbook: {
        meaning:
          'The memory for the contexts of running requests is used up. The next request waits, or a running one is pushed out and has to be worked on again. A full cache while nobody waits is not told.',
        firstLook: [
          lookAtLoad,
          'Long contexts: tokens per prompt, `model:inference_tokens_input:rate5m / model:inference_requests:rate5m`.',
          'How much memory the cache has: the engine logs it at its start (vLLM: `GPU KV cache size`).',
        ],
        remedy: [
          addReplicas,
          'More memory for the cache: vLLM `--gpu-memory-utilization`, an 8 bit cache (`--kv-cache-dtype fp8`), quantized weights, or more GPUs for each replica.',
          'Shorter contexts: vLLM `--max-model-len`.',
        ],
      },
      fires: {
        when: 'The cache is at 97 % and requests wait now and then; another engine does not tell its queue',
        series: [
          [series(inference.inference_kv_cache_usage_ratio, replica('n2')), '0.97x30'],
          [series(inference.inference_kv_cache_usage_ratio, replica('n3')), '0.5x30'],
          [series(waiting, exampleModel), '0 0 3 0 0 0 2 0 0 0 5 0 0 0 3 0 0 0 1 0 0 0 3'],
          [
            series(inference.inference_kv_cache_usage_ratio, {
              ...replica('n4'),
              ...otherModel,
              engine_kind: 'sglang',
            }),
            '0.99x30',
          ],
        ],
        at: '20m',
        alerts: [exampleReplica, { ...otherModel, engine_kind: 'sglang', instance: 'n4:8000' }],
      },
      quiet: {
        when: 'It is full and nobody waits, and another is at exactly 95 % with a queue',
        series: [
          [series(inference.inference_kv_cache_usage_ratio, replica('n2')), '0.99x30'],
          [series(waiting, exampleModel), '0x30'],
          [series(inference.inference_kv_cache_usage_ratio, { ...replica('n4'), ...otherModel }), '0.95x30'],
          [series(waiting, otherModel), '9x30'],
        ],
        at: '20m',
      },
    },
    {
      name: 'InferencePreemptions',
      expr: promql`${preemptions} * 60 > ${thresholds.inferencePreemptionsPerMinute}`,
      thresholds: ['inferencePreemptionsPerMinute'],
      for: '10m',
      keepFiringFor: '5m',
      severity: 'warning',
      action: 'investigate',
      domain: 'inference',
      team: 'workload',
      summary: 'An engine keeps pushing running requests out of its batch.',
      description: `${whichModel} pushes out {{ $value | humanize }} requests a minute for want of memory. Look at the KV cache and at the size of the batch.`,
      runbook: {
        meaning:
          'The engine took in more requests than the KV cache holds to their end. A request that is pushed out stands still, and its work is done again or moved to slower memory: it costs latency and GPU time.',
        firstLook: [
          'Size of the cache and of the batch in the log of the engine; vLLM warns there for each preemption.',
          lookAtLoad,
          lookAtEngine,
        ],
        remedy: [
          'Smaller batch: vLLM `--max-num-seqs`, SGLang `--max-running-requests`.',
          'More memory for the cache: see the runbook of InferenceKvCacheSaturated.',
          addReplicas,
        ],
      },
      fires: {
        when: 'Hardly more than six requests a minute are pushed out',
        series: [[series(preemptions, exampleModel), '0.11x30']],
        at: '15m',
        alerts: [exampleModel],
      },
      quiet: {
        when: 'Six a minute, and another model pushes out thirty in one burst',
        series: [
          [series(preemptions, exampleModel), '0.1x30'],
          [series(preemptions, otherModel), '0x10 0.5x4 0x20'],
        ],
        at: '16m',
      },
    },
    {
      name: 'InferenceCacheHitLow',
      expr: promql`avg_over_time(${hitRatio}[30m])
/
(${usualHitRatio} >= ${thresholds.inferenceCacheHitUsualRatio})
< ${thresholds.inferenceCacheHitDropRatio}`,
      thresholds: ['inferenceCacheHitDropRatio', 'inferenceCacheHitUsualRatio'],
      for: '30m',
      severity: 'info',
      action: 'investigate',
      domain: 'inference',
      team: 'workload',
      summary: 'A model finds far less in its prefix cache than it used to.',
      description: `${whichModel} finds {{ $value | humanizePercentage }} of what it usually finds in its prefix cache. See whether prompts begin differently since a change.`,
      runbook: {
        meaning:
          'Prompts that begin alike are worked on once. When the cache no longer finds them, the same requests cost more time on the GPU and the first token comes later.',
        firstLook: [
          'Since when: `model:model_cache_hit_ratio:rate5m` on the board LLM serving.',
          'What changed in clients: a date, an id or a user at the beginning of the system prompt makes each prompt another.',
          'What changed in routing: more replicas, or requests that are spread at random, split the cache.',
          'Is the cache too small for the load: `model:inference_kv_cache_usage_ratio:max`.',
        ],
        remedy: [
          'Put what is the same for all at the beginning of the prompt, and what differs at its end.',
          'Route by prefix or session, so that requests meet the replica that has their prefix.',
          'It comes back by itself after a restart, once the cache has filled again.',
        ],
      },
      fires: {
        when: 'After hours at 22 % the cache finds a tenth',
        series: [[series(hitRatio, exampleModel), '0.22x119 0.1x150']],
        at: '260m',
        alerts: [exampleModel],
      },
      quiet: {
        when: 'It finds a little more than half of the usual; another model never found a fifth',
        series: [
          [series(hitRatio, exampleModel), '0.6x100 0.9x80 0.33x90'],
          [series(hitRatio, otherModel), '0.19x180 0.02x90'],
        ],
        at: '260m',
      },
    },
    {
      name: 'InferenceReplicaImbalance',
      expr: promql`(${load} >= ${thresholds.inferenceImbalanceCount})
/ on (cluster, engine_kind, model_name) group_left ()
avg by (cluster, engine_kind, model_name) (${load})
> ${thresholds.inferenceImbalanceRatio}`,
      thresholds: ['inferenceImbalanceRatio', 'inferenceImbalanceCount'],
      for: '15m',
      severity: 'warning',
      action: 'investigate',
      domain: 'inference',
      team: 'workload',
      summary: 'One replica of a model has far more requests than the others.',
      description: `${whichModel} has {{ $value | humanize }} times the mean of the requests of its replicas at {{ $labels.instance }}. See how requests are routed.`,
      runbook: {
        meaning:
          'Requests wait at one replica while others have room, so the model is slower than its GPUs could make it.',
        firstLook: [
          'Requests by replica: `sum by (instance) (inference_active_connections{model_name="<model>"})`.',
          'Who routes: clients with long-lived connections, a Kubernetes Service (which spreads connections, not requests), or the proxy.',
          'A replica that is slower than the others collects requests: compare its GPUs, and its time per token.',
        ],
        remedy: [
          'Route by load: the proxy with `--proxy.routing`, or a gateway that knows queues.',
          'Routing by prefix or session is uneven by nature: raise inferenceImbalanceRatio.',
          'A slow replica: restart it elsewhere, and hand its node to the owners of the machines.',
        ],
      },
      fires: {
        when: 'At one of three replicas eight requests wait, while all work on about as many; a replica of another model, which tells no queue, works on eight and the others on half of that',
        series: [
          activeAt('n2', '8x40'),
          waitingAt('n2', '8x40'),
          activeAt('n3', '8x40'),
          waitingAt('n3', '0x40'),
          activeAt('n4', '6x40'),
          activeAt('n5', '8x40', otherModel),
          activeAt('n6', '4x40', otherModel),
          activeAt('n7', '3x40', otherModel),
        ],
        at: '30m',
        alerts: [exampleReplica, { ...otherModel, instance: 'n5:8000' }],
      },
      quiet: {
        when: 'One of two has nearly three times the requests of the other, most of which wait; another model has seven at one replica and none at the other',
        series: [
          activeAt('n2', '8x40'),
          waitingAt('n2', '20x40'),
          activeAt('n3', '8x40'),
          waitingAt('n3', '3x40'),
          activeAt('n4', '7x40', otherModel),
          activeAt('n5', '0x40', otherModel),
        ],
        at: '30m',
      },
    },
  ],
});
