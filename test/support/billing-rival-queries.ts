import type { Span } from '../../exporters/billing/span.ts';
import type { PrometheusApi } from '../../kit/prometheus-api.ts';

/** GPU milliseconds by pod. */
export type GpuTimeByPod = ReadonlyMap<string, number>;

const minuteMs = 60_000;
/** OpenCost asks for a day at once. */
const dayMs = 24 * 60 * minuteMs;
const hourMs = 60 * minuteMs;

/**
 * GPU time by UID of the pod as OpenCost reckons it, from the same Prometheus: a pod runs from the first to the last sample of a subquery with a
 * resolution of a minute, in windows of a day, and has the mean of the GPUs that it asked for. See its allocation_helpers.go: calculateStartAndEnd,
 * applyGPUsAllocated.
 */
export async function openCostGpuTime(api: PrometheusApi, period: Span): Promise<GpuTimeByPod> {
  const byPod = new Map<string, number>();
  for (const window of windowsOf(period, dayMs)) {
    const timeSeconds = window.endMs / 1000;
    const range = `${window.endMs - window.startMs}ms`;
    const running = 'avg(kube_pod_container_status_running{} != 0) by (pod, namespace, uid)';
    const requested = 'kube_pod_container_resource_requests{resource="nvidia_com_gpu", container!="", node!=""}';
    const runs = await api.queryRange(running, {
      startSeconds: Math.ceil(window.startMs / minuteMs) * 60,
      endSeconds: timeSeconds,
      stepSeconds: 60,
    });
    const asked = await api.query(
      `avg(avg_over_time(${requested}[${range}])) by (container, pod, namespace, node, uid)`,
      { timeSeconds },
    );
    const gpusOf = new Map(asked.samples.map(({ labels, value }) => [labels['uid'] ?? '', value]));
    for (const { labels, samples } of runs.series) {
      const uid = labels['uid'] ?? '';
      const gpus = gpusOf.get(uid);
      if (gpus === undefined) continue;
      const { startMs, endMs } = startAndEnd(
        samples.map(({ timestampSeconds }) => timestampSeconds * 1000),
        window,
      );
      byPod.set(uid, (byPod.get(uid) ?? 0) + gpus * (endMs - startMs));
    }
  }
  return byPod;
}

/** One sample counts as one resolution around it; all is cut to the window. */
function startAndEnd(timesMs: readonly number[], window: Span): Span {
  const [first = 0, last = 0] = [timesMs[0], timesMs.at(-1)];
  const half = first === last ? minuteMs / 2 : 0;
  return { startMs: Math.max(first - half, window.startMs), endMs: Math.min(last + half, window.endMs) };
}

/** GPU time by namespace and pod as increase() of each hour tells it, the usual query of a board of costs. */
export async function increaseGpuTime(api: PrometheusApi, period: Span, selector: string): Promise<GpuTimeByPod> {
  const byPod = new Map<string, number>();
  for (const { startMs, endMs } of windowsOf(period, hourMs)) {
    const query = `sum by (namespace, pod) (increase(${selector}[${endMs - startMs}ms]))`;
    const { samples } = await api.query(query, { timeSeconds: endMs / 1000 });
    for (const { labels, value } of samples) {
      const pod = `${labels['namespace']}/${labels['pod']}`;
      byPod.set(pod, (byPod.get(pod) ?? 0) + value * 1000);
    }
  }
  return byPod;
}

function windowsOf({ startMs, endMs }: Span, lengthMs: number): readonly Span[] {
  const windows: Span[] = [];
  for (let from = startMs; from < endMs; from += lengthMs)
    windows.push({ startMs: from, endMs: Math.min(endMs, from + lengthMs) });
  return windows;
}

/** How far off a method is, in GPU hours. */
export interface MethodError {
  readonly hours: number;
  readonly trueHours: number;
  /** Of the sum. */
  readonly error: number;
  /** Sum over pods of what each was charged too much or too little. */
  readonly absoluteError: number;
  /** Of the pod that is worst off. */
  readonly worst: number;
}

export function errorOf(found: GpuTimeByPod, truth: GpuTimeByPod): MethodError {
  const pods = [...new Set([...found.keys(), ...truth.keys()])];
  const errors = pods.map((pod) => ((found.get(pod) ?? 0) - (truth.get(pod) ?? 0)) / hourMs);
  const sum = (values: Iterable<number>): number => [...values].reduce((total, value) => total + value, 0);
  return {
    hours: sum(found.values()) / hourMs,
    trueHours: sum(truth.values()) / hourMs,
    error: sum(errors),
    absoluteError: sum(errors.map(Math.abs)),
    worst: Math.max(0, ...errors.map(Math.abs)),
  };
}
