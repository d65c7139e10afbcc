import type { Span } from '../../../exporters/billing/span.ts';
import type { Month, MonthGpu, MonthNode, Slot } from './month.ts';
import { intersect, subtract, union } from './spans.ts';

type Hardware = Pick<Month, 'nodes' | 'gpus'>;

/** What pods of a node can have, and when: not while the node is down or the GPU lost, and not beyond the instance. */
export function slotsOf({ nodes, gpus }: Hardware): readonly Slot[] {
  return nodes.flatMap((node) => gpus.flatMap((gpu) => slotsOn(node, gpu)));
}

function slotsOn(node: MonthNode, gpu: MonthGpu): readonly Slot[] {
  const places = gpu.installed.filter((place) => place.node === node.name);
  return places.flatMap(({ index, span }) => {
    const usable = subtract([span], [...node.notReady, ...gpu.lost]);
    const common = { node: node.name, index, uuid: gpu.uuid };
    const instances = gpu.instances.map(({ gpuInstanceId, profile, span: exists }) => ({
      ...common,
      gpuInstanceId,
      profile,
      replica: undefined,
      spans: intersect(usable, [exists]),
    }));
    const whole = { ...common, gpuInstanceId: '', profile: '', spans: subtract(usable, migSpan(gpu)) };
    const replicas = Array.from({ length: gpu.replicas ?? 1 }, (_, replica) => ({
      ...whole,
      replica: gpu.replicas === undefined ? undefined : replica,
    }));
    return [...replicas, ...instances].filter(({ spans }) => spans.length > 0);
  });
}

/** From the first instance to the last one the GPU cannot be had as a whole, also while it is cut anew. */
export function migSpan({ instances }: Pick<MonthGpu, 'instances'>): readonly Span[] {
  const spans = union(instances.map(({ span }) => span));
  const [first, last] = [spans[0], spans.at(-1)];
  return first === undefined || last === undefined ? [] : [{ startMs: first.startMs - 60_000, endMs: last.endMs }];
}
