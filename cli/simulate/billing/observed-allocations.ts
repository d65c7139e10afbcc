import { type AllocatedTimes, createAllocatedTimes } from '../../../exporters/gpu/attribution/allocated-time.ts';
import type { AllocatedTime, Allocation } from '../../../exporters/gpu/attribution/attribution.ts';
import type { Month, MonthNode, MonthPod } from './month.ts';

/** As the exporter has it by default. */
const retentionSeconds = 3600;

/** The exporter's own account of who had what for how long. */
export interface ObservedAllocations {
  /** Asks the kubelet as often as the exporter does, up to then. Times ascend. */
  readonly until: (atMs: number) => void;
  readonly times: () => readonly AllocatedTime[];
  /** What the kubelet said last. */
  readonly allocations: () => readonly Allocation[];
}

/** Asks as the exporter does, at its own times, from each of its starts to its end. */
export function observeAllocations({ pods }: Month, node: MonthNode, observeSeconds: number): ObservedAllocations {
  const own = pods.filter((pod) => pod.node === node.name).toSorted((a, b) => a.span.startMs - b.span.startMs);
  const changes = own.flatMap(({ span }) => [span.startMs, span.endMs]).toSorted((a, b) => a - b);
  const everyMs = observeSeconds * 1000;
  let nextChange = 0;
  let next = 0;
  let active: MonthPod[] = [];
  let life = -1;
  let times: AllocatedTimes | undefined;
  let said: readonly Allocation[] = [];
  let nextAtMs = Number.NEGATIVE_INFINITY;
  let isFirst = true;

  function allocationsAt(atMs: number): readonly Allocation[] {
    for (let pod = own[next]; pod !== undefined && pod.span.startMs <= atMs; pod = own[++next]) active.push(pod);
    active = active.filter(({ span }) => atMs < span.endMs);
    return active.flatMap(allocationsOf);
  }

  /** The exporter of the next life begins, with what the one before has saved or without. */
  function begin(): void {
    const before = node.exporters[life++];
    const now = node.exporters[life];
    if (now === undefined) return;
    const startSeconds = now.span.startMs / 1000;
    const endSeconds = (before?.span.endMs ?? 0) / 1000;
    const saved = now.isRestored ? times?.save(endSeconds) : undefined;
    times = createAllocatedTimes({ retentionSeconds });
    if (saved !== undefined) times.restore(saved, startSeconds - endSeconds, startSeconds);
    nextAtMs = now.span.startMs + 500;
    isFirst = true;
  }

  /** Of the times at which nothing has changed since the last one, only the last is needed: what is counted adds up. */
  function observeUntil(limitMs: number): void {
    while (nextAtMs <= limitMs) {
      const before = nextChange;
      while (changeAt(nextChange) <= nextAtMs) nextChange++;
      const isNeeded = isFirst || nextChange > before;
      const quietMs = isNeeded ? nextAtMs : Math.min(limitMs, changeAt(nextChange) - 1);
      const skipped = Math.max(0, Math.floor((quietMs - nextAtMs) / everyMs));
      const tickMs = nextAtMs + skipped * everyMs;
      said = allocationsAt(tickMs);
      times?.advance('pods', said, tickMs / 1000);
      nextAtMs = tickMs + everyMs;
      isFirst = false;
    }
  }

  function changeAt(index: number): number {
    return changes[index] ?? Number.POSITIVE_INFINITY;
  }

  return {
    until: (atMs) => {
      while (life < node.exporters.length) {
        const endMs = node.exporters[life]?.span.endMs ?? Number.NEGATIVE_INFINITY;
        observeUntil(Math.min(endMs - 1, atMs));
        const following = node.exporters[life + 1];
        if (following === undefined || following.span.startMs > atMs) return;
        begin();
      }
    },
    times: () => times?.times() ?? [],
    allocations: () => said,
  };
}

function allocationsOf({ namespace, name, container, slots }: MonthPod): readonly Allocation[] {
  return slots.map(({ index, uuid, gpuInstanceId, profile }) => ({
    device: { index, uuid, ...(gpuInstanceId === '' ? {} : { gpuInstanceId: Number(gpuInstanceId) }) },
    holder: { kind: 'pod', namespace, pod: name, container },
    ...(profile === '' ? {} : { profile }),
    replicas: 1,
  }));
}
