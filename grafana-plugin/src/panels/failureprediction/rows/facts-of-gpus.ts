import type { FoundSeries } from '../frames/series-of';
import { LAYERS, type Layer, type RuleHit, SEVERITIES } from './risk-row';

/** What is known of a GPU beside its probability, by UUID and by node. */
export interface GpuFacts {
  readonly gpu: ReadonlyMap<string, { readonly index: number | undefined; readonly model: string | undefined }>;
  readonly rackOfNode: ReadonlyMap<string, string>;
  readonly rackOfGpu: ReadonlyMap<string, string>;
  readonly holder: ReadonlyMap<string, Holder>;
  readonly rules: ReadonlyMap<string, readonly RuleHit[]>;
  readonly alertRank: ReadonlyMap<string, number>;
}

export interface Holder {
  readonly tenant?: string;
  readonly job?: string;
}

export function factsOfGpus({ byName }: FoundSeries): GpuFacts {
  const read = (name: Parameters<typeof byName.get>[0]) => byName.get(name) ?? [];
  const gpu = new Map<string, { index: number | undefined; model: string | undefined }>();
  for (const { labels } of read('gpu_info')) {
    if (labels.uuid) gpu.set(labels.uuid, { index: wholeNumber(labels.gpu_id), model: labels.model || undefined });
  }
  const alertRank = new Map<string, number>();
  for (const { labels, value } of read('prediction_failure_alert_rank')) {
    if (labels.uuid && value >= 1) alertRank.set(gpuKey(labels.cluster, labels.uuid), value);
  }
  return {
    gpu,
    ...racksOf([...read('cmdb_ci_info'), ...read('up')]),
    holder: holdersOf(read),
    rules: rulesOf(read),
    alertRank,
  };
}

export function gpuKey(cluster = '', uuid = ''): string {
  return `${cluster}/${uuid}`;
}

type Read = (name: 'gpu_pod_info' | 'gpu_job_info' | 'cmdb_ci_info' | 'prediction_rule_hit') => FoundReadings;
type FoundReadings = ReadonlyArray<{ readonly labels: Readonly<Record<string, string>> }>;

function racksOf(readings: FoundReadings): Pick<GpuFacts, 'rackOfNode' | 'rackOfGpu'> {
  const rackOfNode = new Map<string, string>();
  const rackOfGpu = new Map<string, string>();
  for (const { labels } of readings) {
    if (!labels.rack) continue;
    if (labels.uuid) rackOfGpu.set(labels.uuid, labels.rack);
    else if (labels.node) rackOfNode.set(gpuKey(labels.cluster, labels.node), labels.rack);
  }
  return { rackOfNode, rackOfGpu };
}

/** Of a GPU that several share, the first by name, with how many more there are. */
function holdersOf(read: Read): ReadonlyMap<string, Holder> {
  const tenants = new Map<string, Set<string>>();
  const jobs = new Map<string, Set<string>>();
  for (const name of ['cmdb_ci_info', 'gpu_pod_info', 'gpu_job_info'] as const) {
    for (const { labels } of read(name)) {
      const { uuid, tenant, namespace, job_id: job, pod } = labels;
      if (!uuid) continue;
      add(tenants, uuid, tenant || namespace);
      add(jobs, uuid, job || pod);
    }
  }
  const holders = new Map<string, Holder>();
  for (const uuid of new Set([...tenants.keys(), ...jobs.keys()])) {
    holders.set(uuid, { ...named('tenant', tenants.get(uuid)), ...named('job', jobs.get(uuid)) });
  }
  return holders;
}

function add(sets: Map<string, Set<string>>, uuid: string, text: string | undefined): void {
  if (!text) return;
  const set = sets.get(uuid);
  if (set === undefined) sets.set(uuid, new Set([text]));
  else set.add(text);
}

function named(name: 'tenant' | 'job', texts: ReadonlySet<string> | undefined): Holder {
  if (texts === undefined) return {};
  const [first = '', ...more] = [...texts].sort();
  return { [name]: more.length === 0 ? first : `${first} +${more.length}` };
}

function rulesOf(read: Read): ReadonlyMap<string, readonly RuleHit[]> {
  const rules = new Map<string, RuleHit[]>();
  for (const { labels } of read('prediction_rule_hit')) {
    const severity = SEVERITIES.find((each) => each === labels.severity);
    if (!labels.uuid || !labels.rule || severity === undefined) continue;
    const key = gpuKey(labels.cluster, labels.uuid);
    const hits = rules.get(key) ?? [];
    if (!hits.some(({ rule }) => rule === labels.rule)) hits.push({ rule: labels.rule, severity });
    rules.set(key, hits);
  }
  for (const hits of rules.values()) hits.sort((a, b) => gravity(a) - gravity(b));
  return rules;
}

export function gravity({ severity }: Pick<RuleHit, 'severity'>): number {
  return SEVERITIES.indexOf(severity);
}

export function layerOf(text: unknown): Layer | undefined {
  return LAYERS.find((each) => each === text);
}

function wholeNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,4}$/.test(text) ? Number(text) : undefined;
}
