import type { DeviceInput } from '../../metering/accrual.ts';
import type { Span } from '../../span.ts';
import { oneOfValues } from '../config/fields.ts';
import { type Facts, readFacts } from '../facts.ts';
import { grouped } from '../grouped.ts';
import type { Store } from '../store.ts';
import { mergedSamples, presence } from '../timeline.ts';

type Trouble = DeviceInput['unavailable'][number];

/** What Kubernetes says of nodes, from kube-state-metrics; nothing where there is none. */
export interface NodeFacts {
  /** When nobody could get a GPU of the node. */
  readonly troublesOf: (node: string) => readonly Trouble[];
  /** Replicas of each GPU, over the span. */
  readonly replicasOf: (node: string) => DeviceInput['replicas'];
}

const nodesPerRequest = 200;

const kinds = [
  {
    selector: 'kube_node_status_condition{condition="Ready", status="true"}',
    reason: 'not_ready',
    isBad: (value: number) => value !== 1,
  },
  { selector: 'kube_node_spec_unschedulable', reason: 'cordoned', isBad: (value: number) => value === 1 },
] as const;

export async function readNodeFacts(store: Store, span: Span, holdMs: number): Promise<NodeFacts> {
  const troubles = new Map<string, Trouble[]>();
  for (const kind of kinds) {
    for (const [node, spans] of await badSpans(store, span, holdMs, kind)) {
      const ofNode = spans.map((each) => ({ span: each, reason: kind.reason }));
      troubles.set(node, [...(troubles.get(node) ?? []), ...ofNode]);
    }
  }
  const replicas = await readFacts(store, replicasJoin, span, holdMs);
  return {
    troublesOf: (node) => troubles.get(node) ?? [],
    replicasOf: (node) => replicasOf(node, span, store, replicas),
  };
}

const replicasJoin = {
  series: 'kube_node_labels{label_nvidia_com_gpu_replicas!=""}',
  on: { node: 'node' },
  take: { replicas: 'label_nvidia_com_gpu_replicas' },
};

/** Samples are read only of nodes that were bad at some time. */
async function badSpans(
  store: Store,
  span: Span,
  holdMs: number,
  { selector, reason, isBad }: (typeof kinds)[number],
): Promise<ReadonlyMap<string, readonly Span[]>> {
  const range = `${span.endMs - span.startMs}ms`;
  const extreme = reason === 'cordoned' ? 'max_over_time' : 'min_over_time';
  const wanted = reason === 'cordoned' ? '== 1' : '< 1';
  const found = await store.instant(
    (select) => `group by (node) (${extreme}(${select(selector)}[${range}]) ${wanted})`,
    span.endMs - 1,
  );
  const nodes = found.flatMap(({ labels }) => labels['node'] ?? []).sort();
  const spans = new Map<string, readonly Span[]>();
  for (let at = 0; at < nodes.length; at += nodesPerRequest) {
    const series = await store.columns(selector, span, [oneOfValues('node', nodes.slice(at, at + nodesPerRequest))]);
    for (const [node, all] of grouped(series, ({ labels }) => labels['node'] ?? '')) {
      const samples = mergedSamples(all);
      spans.set(node, presence(samples, samples.timesMs, holdMs, isBad));
    }
  }
  return spans;
}

function replicasOf(node: string, span: Span, { source }: Store, facts: Facts): DeviceInput['replicas'] {
  const fixed = source.gpus.replicas[node] ?? source.gpus.replicas['*'];
  if (fixed !== undefined) return fixed > 1 ? [{ span, replicas: fixed }] : [];
  const stretches = facts.of({ node });
  return stretches.flatMap(({ fromMs, values }, index) => {
    const replicas = Number(values['replicas']);
    if (!Number.isInteger(replicas) || replicas < 2) return [];
    const startMs = Math.max(span.startMs, fromMs);
    const endMs = Math.min(span.endMs, stretches[index + 1]?.fromMs ?? span.endMs);
    return startMs < endMs ? [{ span: { startMs, endMs }, replicas }] : [];
  });
}
