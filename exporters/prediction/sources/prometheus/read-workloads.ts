import type { Labels } from '../../../../kit/prometheus-api.ts';
import { gpu } from '../../../../metrics/gpu.ts';
import { keyOfEntity } from '../../entity.ts';
import type { FleetBook } from './fleet-book.ts';
import type { HistoryApi } from './history-api.ts';
import { selectorOf } from './matchers.ts';
import { gpuOf, type LabelNames } from './series-labels.ts';
import { workloadOf } from './workload-of.ts';

export interface WorkloadRequest {
  readonly labels: LabelNames;
  readonly matchers: readonly string[];
  /** The moments for which it is asked. */
  readonly startMs: number;
  readonly endMs: number;
  readonly stepMs: number;
}

/** Who had each GPU at the moments. A GPU that nobody had is told to be idle once anybody in the fleet is known to have one. */
export async function readWorkloads(
  api: HistoryApi,
  book: FleetBook,
  request: WorkloadRequest,
  signal: AbortSignal,
): Promise<void> {
  const holders = new Map<string, Set<string>>();
  for (const expr of expressionsOf(request)) {
    for (const { labels, timesMs } of await api.range(expr, request, signal))
      noteHolder(labels, timesMs, { holders, book, request });
  }
  const isKnown = holders.size > 0 || book.entities().some((_, index) => book.factsOf(index, () => 0).has('workload'));
  if (!isKnown) return;
  for (const index of book.entities().keys()) {
    for (let atMs = request.startMs; atMs <= request.endMs; atMs += request.stepMs) {
      const who = holders.get(`${index} ${atMs}`) ?? new Set();
      book.tellEachTime(index, 'workload', [...who].sort().join(' + '), atMs);
    }
  }
}

/** Allocated time grows for whoever has the GPU; dcgm-exporter puts the pod and the job of Slurm on each series. */
function expressionsOf({ labels, matchers }: WorkloadRequest): readonly string[] {
  const held = selectorOf(gpu.gpu_allocated_seconds_total.name, matchers);
  const by = (...own: readonly string[]): string => [labels.cluster, ...own].join(', ');
  const dcgmLabels = ['UUID', 'namespace', 'pod', 'exported_namespace', 'exported_pod', 'hpc_job'];
  return [
    `group by (${by('uuid', 'namespace', 'pod', 'job_id')}) (${held} > ${held} offset 10m or ${held} unless ${held} offset 10m)`,
    ...['DCGM_FI_DEV_GPU_TEMP', 'DCGM_FI_DEV_GPU_TEMP_CELSIUS'].map(
      (metric) => `group by (${by(...dcgmLabels)}) (${selectorOf(metric, matchers)})`,
    ),
  ];
}

interface Noting {
  readonly holders: Map<string, Set<string>>;
  readonly book: FleetBook;
  readonly request: WorkloadRequest;
}

function noteHolder(labels: Labels, timesMs: Float64Array, { holders, book, request }: Noting): void {
  const entity = gpuOf(labels, request.labels);
  const index = entity === undefined ? undefined : book.indexOfKey(keyOfEntity(entity));
  const workload = workloadOf(labels);
  if (index === undefined || workload === undefined) return;
  for (const atMs of timesMs) {
    const key = `${index} ${atMs}`;
    holders.set(key, (holders.get(key) ?? new Set()).add(workload));
  }
}
