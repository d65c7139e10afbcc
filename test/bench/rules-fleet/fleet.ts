import { gpu } from '../../../metrics/gpu.ts';
import { type Input, ruleInputs } from './inputs.ts';

export interface FleetSize {
  readonly gpus: number;
  readonly clusters: number;
}

export const gpusPerNode = 8;
export const seriesPerGpu = 60;

/** What one target shows: its series, and the labels that service discovery gives it. */
export interface Target {
  readonly labels: Readonly<Record<'cluster' | 'node' | 'job', string>>;
  readonly series: readonly { readonly name: string; readonly labels: Readonly<Record<string, string>> }[];
}

/** Sizes in the proportion of a fleet that trains on most of its GPUs and serves on the rest. */
const gpusPerRun = 32;
const ranksPerRun = 16;
const gpusPerModel = 64;
const gpusPerTenant = 250;

/** Of 14 XIDs that examples know, each GPU has had one or none since its driver was loaded. */
const gpusPerXid = 25;
const gpusPerLost = 1000;

/** A target for each node of eight GPUs, and one for each daemon of each cluster. */
export function fleet({ gpus, clusters }: FleetSize): readonly Target[] {
  const inputs = ruleInputs();
  const nodes = gpus / gpusPerNode;
  const ofNodes = inputs.filter(({ job }) => job === 'fleetlens-gpu');
  const jobs = [...new Set(inputs.map(({ job }) => job))].filter((job) => job !== 'fleetlens-gpu');
  const gpuTargets = range(nodes).map((node) => gpuTarget(ofNodes, node, clusters));
  const perCluster = { gpus: Math.ceil(gpus / clusters), nodes: Math.ceil(nodes / clusters) };
  const daemons = range(clusters).flatMap((cluster) =>
    jobs.map((job) => daemonTarget({ job, cluster, clusters, inputs, ...perCluster })),
  );
  return [...gpuTargets, ...daemons];
}

function gpuTarget(inputs: readonly Input[], node: number, clusters: number): Target {
  const labels = { cluster: `c${node % clusters}`, node: `n${node}`, job: 'fleetlens-gpu' };
  const ofDevices = inputs.filter((input) => 'uuid' in input.labels);
  const ofNode = inputs.filter((input) => !('uuid' in input.labels));
  const devices = range(gpusPerNode).flatMap((index) =>
    padded(ofDevices.filter((input) => hasSeries(input, ofDevices, node * gpusPerNode + index))).map(
      ({ name, labels: own }) => ({ name, labels: { ...own, gpu_id: String(index), uuid: uuidOf(node, index) } }),
    ),
  );
  return { labels, series: grouped([...devices, ...ofNode]) };
}

/** A GPU is described once, however many descriptions the examples know; few are lost, and few have ever had a certain XID. */
function hasSeries({ name, labels }: Input, all: readonly Input[], gpuNumber: number): boolean {
  if (labels['xid'] !== undefined) return (gpuNumber + 7 * Number(labels['xid'])) % gpusPerXid === 0;
  if (name === 'gpu_failure_info') return gpuNumber % gpusPerLost === 0;
  if (!name.endsWith('_info')) return true;
  const shapes = all.filter((other) => other.name === name);
  return shapes[gpuNumber % shapes.length]?.labels === labels;
}

/** Up to 60 series for each GPU: those that rules read, the rest of ours, then names of dcgm-exporter. */
function padded(series: readonly Pick<Input, 'name' | 'labels'>[]): typeof series {
  const known = new Set(series.map(({ name }) => name));
  const ours = Object.values(gpu).filter(({ name, labels }) => !known.has(name) && labels.length === 2);
  const more = [
    ...ours.map(({ name }) => ({ name: name as string, labels: {} })),
    ...range(seriesPerGpu).map((index) => ({ name: `DCGM_FI_DEV_FIELD_${index}`, labels: {} })),
  ];
  return [...series, ...more].slice(0, Math.max(series.length, seriesPerGpu));
}

interface Daemon {
  readonly job: string;
  readonly cluster: number;
  readonly clusters: number;
  readonly inputs: readonly Input[];
  readonly gpus: number;
  readonly nodes: number;
}

function daemonTarget(daemon: Daemon): Target {
  const { job, cluster, inputs } = daemon;
  const series = inputs
    .filter((input) => input.job === job)
    .flatMap(({ name, labels }) => thingsOf(daemon, labels).map((own) => ({ name, labels: { ...labels, ...own } })));
  return { labels: { cluster: `c${cluster}`, node: `m${cluster}`, job }, series: grouped(series) };
}

/** The things that a series is about, by the most particular of its labels. */
function thingsOf({ cluster, clusters, gpus, nodes }: Daemon, labels: Input['labels']): readonly Input['labels'][] {
  const has = (label: string): boolean => label in labels && labels[label] !== '';
  const only = (own: Input['labels']): Input['labels'] =>
    Object.fromEntries(Object.entries(own).filter(([label]) => has(label)));
  const nodeNumbers = range(nodes).map((index) => index * clusters + cluster);
  if (has('uuid'))
    return nodeNumbers.flatMap((node) =>
      range(gpusPerNode).map((index) =>
        only({ node: `n${node}`, gpu_id: String(index), uuid: uuidOf(node, index), ci: `${node}-${index}` }),
      ),
    );
  if (has('run')) {
    const ranks = has('rank') ? ranksPerRun : 1;
    return range(Math.ceil(gpus / gpusPerRun)).flatMap((run) =>
      range(ranks).map((rank) => only({ run: `run-${run}`, job_id: String(4000 + run), rank: String(rank) })),
    );
  }
  if (has('model_name'))
    return range(Math.ceil(gpus / gpusPerModel)).map((model) => only({ model_name: `model-${model}` }));
  if (has('node') || has('ci')) return nodeNumbers.map((node) => only({ node: `n${node}`, ci: String(node) }));
  if (has('tenant')) return range(Math.ceil(gpus / gpusPerTenant)).map((tenant) => ({ tenant: `tenant-${tenant}` }));
  return [{}];
}

export function uuidOf(node: number, index: number): string {
  return `GPU-${String(node).padStart(8, '0')}-0000-4000-8000-${String(index).padStart(12, '0')}`;
}

/** Series of one metric stand together, and each once. */
function grouped(series: Target['series']): Target['series'] {
  const unique = [...new Map(series.map((one) => [JSON.stringify([one.name, one.labels]), one])).values()];
  return unique.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

function range(length: number): readonly number[] {
  return Array.from({ length }, (_, index) => index);
}
