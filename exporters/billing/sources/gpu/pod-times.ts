import type { Span } from '../../span.ts';
import type { Store } from '../store.ts';

/** When pods ended, in ms; undefined for one that runs or that nobody knows. */
export type PodEnd = (namespace: string, pod: string, atMs: number) => number | undefined;

interface PodTimes {
  readonly startMs: number;
  readonly endMs: number | undefined;
}

/** From kube-state-metrics: kube_pod_start_time and kube_pod_completion_time, which hold the times themselves. */
export async function readPodEnds(store: Store, span: Span): Promise<PodEnd> {
  const range = `${span.endMs - span.startMs}ms`;
  const ask = (selector: string) =>
    store.instant(
      (select) => `max by (namespace, pod, uid) (last_over_time(${select(selector)}[${range}]))`,
      span.endMs - 1,
    );
  const ends = new Map<string, number>();
  for (const { labels, value } of await ask('kube_pod_completion_time')) ends.set(labels['uid'] ?? '', value * 1000);
  const pods = new Map<string, PodTimes[]>();
  for (const { labels, value } of await ask('kube_pod_start_time')) {
    const key = keyOf(labels['namespace'] ?? '', labels['pod'] ?? '');
    const times = { startMs: value * 1000, endMs: ends.get(labels['uid'] ?? '') };
    pods.set(
      key,
      [...(pods.get(key) ?? []), times].sort((a, b) => a.startMs - b.startMs),
    );
  }
  return (namespace, pod, atMs) => {
    const times = pods.get(keyOf(namespace, pod)) ?? [];
    const index = times.findLastIndex(({ startMs }) => startMs <= atMs);
    // A pod of the same name that starts later proves that this one had ended by then.
    const next = times[index + 1]?.startMs;
    const end = times[index]?.endMs;
    if (end === undefined) return next;
    return next === undefined ? end : Math.min(end, next);
  };
}

function keyOf(namespace: string, pod: string): string {
  return `${namespace}/${pod}`;
}
