import { gpu } from '../../../metrics/gpu.ts';
import { inference } from '../../../metrics/inference.ts';
import type { Meter, MeterJoin, MeterSource } from './meter.ts';

/** A meter of the table; those that are off can be switched on by `enabled: true`. */
export interface DefaultMeter extends Meter {
  readonly isOn: boolean;
}

const hourMs = 3_600_000n;
const none = { selector: undefined, scale: 1, resource: [], sku: [], holder: {} } as const;

const ofContainer = {
  resource: ['namespace', 'pod'],
  sku: [],
  holder: { namespace: 'namespace', pod: 'pod', pod_uid: 'uid', container: 'container' },
  distinct: ['namespace', 'pod', 'uid', 'container', 'node'],
  during: { selector: 'kube_pod_status_phase{phase="Running"}', on: ['namespace', 'pod', 'uid'] },
} as const;

/** Energy is of the board, so it belongs to whoever has the whole board. */
const whoHasTheGpu: readonly MeterJoin[] = [
  {
    series: `${gpu.gpu_pod_info.name}{gpu_instance_id=""}`,
    on: { uuid: 'uuid' },
    take: { namespace: 'namespace', pod: 'pod', container: 'container' },
    whileSaid: true,
  },
  {
    series: `${gpu.gpu_job_info.name}{gpu_instance_id=""}`,
    on: { uuid: 'uuid' },
    take: { job_id: 'job_id', user_id: 'user_id' },
    whileSaid: true,
  },
  { series: gpu.gpu_info.name, on: { uuid: 'uuid' }, take: { model: 'model' } },
];

const ofPodNetwork = {
  type: 'series',
  scale: 1,
  resource: ['namespace', 'pod'],
  sku: [],
  holder: { namespace: 'namespace', pod: 'pod' },
  distinct: ['namespace', 'pod', 'interface', 'id'],
} as const;

/** What the proxy counted, else what engines counted: both count the same requests. */
function ofModel(name: string, more = ''): readonly MeterSource[] {
  return ['engine_kind="proxy"', 'engine_kind!="proxy"'].map((kind) => ({
    type: 'series',
    selector: `${name}{${kind}${more}}`,
    scale: 1,
    resource: ['model_name'],
    sku: ['model_name'],
    holder: { tenant: 'tenant', model: 'model_name', namespace: 'namespace' },
    startsAtZero: true,
  }));
}

const tokens = { base: 'token', priced: 'million tokens', perPriced: 1_000_000n };
const gigabytes = { base: 'byte', priced: 'GB', perPriced: 1_000_000_000n };
const gigabyteHours = { base: 'byte ms', priced: 'GB hour', perPriced: 1_000_000_000n * hourMs };
const coreHours = { base: 'millicore ms', priced: 'core hour', perPriced: 1000n * hourMs };

export const defaultMeters: readonly DefaultMeter[] = [
  {
    name: 'gpu_time',
    about: 'Time for which GPUs, MIG instances and replicas of shared GPUs were allocated, idle or unavailable.',
    isOn: true,
    kind: 'gpu',
    unit: { base: 'ms', priced: 'GPU hour', perPriced: hourMs },
    sources: [
      { ...none, type: 'fleetlens' },
      { ...none, type: 'dcgm' },
      { ...none, type: 'kube_state_metrics' },
    ],
  },
  {
    name: 'gpu_energy',
    about: 'Energy that boards of GPUs used. A board that several share is nobody’s.',
    isOn: true,
    kind: 'counter',
    unit: { base: 'mJ', priced: 'kWh', perPriced: 3_600_000_000n },
    sources: [
      {
        type: 'series',
        selector: gpu.gpu_energy_joules_total.name,
        scale: 1000,
        resource: ['uuid'],
        sku: ['model'],
        holder: { namespace: 'namespace', pod: 'pod', container: 'container', job_id: 'job_id', user_id: 'user_id' },
        distinct: ['uuid', 'node'],
        joins: whoHasTheGpu,
      },
      dcgmEnergy('DCGM_FI_DEV_GPU_ENERGY_JOULES_TOTAL', 1000),
      dcgmEnergy('DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION', 1),
    ],
  },
  {
    name: 'cpu_time',
    about: 'CPU cores that containers of running pods asked for.',
    isOn: true,
    kind: 'gauge',
    unit: coreHours,
    sources: [
      { ...ofContainer, type: 'series', selector: 'kube_pod_container_resource_requests{resource="cpu"}', scale: 1000 },
    ],
  },
  {
    name: 'cpu_used_time',
    about: 'CPU time that containers used, for those who bill usage and not requests.',
    isOn: false,
    kind: 'counter',
    unit: coreHours,
    sources: [
      {
        type: 'series',
        selector: 'container_cpu_usage_seconds_total{container!="", container!="POD"}',
        scale: 1_000_000,
        resource: ['namespace', 'pod'],
        sku: [],
        holder: { namespace: 'namespace', pod: 'pod', container: 'container' },
        distinct: ['namespace', 'pod', 'container', 'id', 'cpu'],
      },
    ],
  },
  {
    name: 'memory',
    about: 'Memory that containers of running pods asked for.',
    isOn: true,
    kind: 'gauge',
    unit: gigabyteHours,
    sources: [
      {
        ...ofContainer,
        type: 'series',
        selector: 'kube_pod_container_resource_requests{resource="memory"}',
        scale: 1,
      },
    ],
  },
  {
    name: 'storage',
    about: 'Storage that persistent volume claims ask for, used or not.',
    isOn: true,
    kind: 'gauge',
    unit: gigabyteHours,
    sources: [
      {
        type: 'series',
        selector: 'kube_persistentvolumeclaim_resource_requests_storage_bytes',
        scale: 1,
        resource: ['namespace', 'persistentvolumeclaim'],
        sku: ['storageclass'],
        holder: { namespace: 'namespace' },
        distinct: ['namespace', 'persistentvolumeclaim'],
        joins: [
          {
            series: 'kube_persistentvolumeclaim_info',
            on: { namespace: 'namespace', persistentvolumeclaim: 'persistentvolumeclaim' },
            take: { storageclass: 'storageclass' },
          },
        ],
      },
    ],
  },
  {
    name: 'network_received_bytes',
    about: 'Bytes that pods received. Pods in the network of their host show what the host received.',
    isOn: false,
    kind: 'counter',
    unit: gigabytes,
    sources: [{ ...ofPodNetwork, selector: 'container_network_receive_bytes_total{pod!=""}' }],
  },
  {
    name: 'network_sent_bytes',
    about: 'Bytes that pods sent. Pods in the network of their host show what the host sent.',
    isOn: false,
    kind: 'counter',
    unit: gigabytes,
    sources: [{ ...ofPodNetwork, selector: 'container_network_transmit_bytes_total{pod!=""}' }],
  },
  {
    name: 'llm_tokens_input',
    about: 'Tokens of prompts by model, cached ones included.',
    isOn: true,
    kind: 'counter',
    unit: tokens,
    sources: ofModel(inference.inference_tokens_input_total.name),
  },
  {
    name: 'llm_tokens_output',
    about: 'Tokens of answers by model, reasoning included.',
    isOn: true,
    kind: 'counter',
    unit: tokens,
    sources: ofModel(inference.inference_tokens_generated_total.name),
  },
  {
    name: 'llm_requests',
    about: 'Requests by model that were answered.',
    isOn: true,
    kind: 'counter',
    unit: { base: 'request', priced: 'thousand requests', perPriced: 1000n },
    sources: ofModel(inference.inference_requests_total.name, ', status="success"'),
  },
];

function dcgmEnergy(selector: string, scale: number): MeterSource {
  return {
    type: 'series',
    selector,
    scale,
    resource: ['UUID'],
    sku: ['modelName'],
    holder: { namespace: 'namespace', pod: 'pod', container: 'container', job_id: 'hpc_job' },
  };
}
