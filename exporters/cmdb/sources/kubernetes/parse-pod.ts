import { cleanText } from '../clean-text.ts';
import { fieldsIn, listIn, ownField, textIn } from '../json-value.ts';
import { type OwnerReference, parseMeta, textsAt } from './object-meta.ts';
import { parseQuantity } from './quantity.ts';

/** A pod, as far as the inventory needs it: there may be 100,000 of them in memory. */
export interface ClusterPod {
  readonly uid: string;
  readonly namespace: string;
  readonly name: string;
  /** Undefined while it waits for a node. */
  readonly node: string | undefined;
  readonly isFinished: boolean;
  readonly owner: OwnerReference | undefined;
  readonly team: string | undefined;
  /** Whole GPUs that it asks for. */
  readonly gpus: number;
  /** Parts of GPUs: MIG instances and replicas of time-sliced ones. */
  readonly gpuShares: number;
}

const wholeGpu = /^(?:nvidia\.com\/gpu|amd\.com\/gpu|gpu\.intel\.com\/(?:i915|xe))$/;
const gpuShare = /^nvidia\.com\/(?:gpu\.shared|mig-[a-z0-9.-]+)$/;
const maxContainers = 1000;

export function parsePod(object: unknown, teamLabel: string): ClusterPod | undefined {
  const meta = parseMeta(object);
  if (meta === undefined || meta.namespace === '') return undefined;
  const spec = ownField(object, 'spec');
  const phase = textIn(object, 'status', 'phase');
  const requests = requestsOf(spec);
  return {
    uid: meta.uid,
    namespace: meta.namespace,
    name: meta.name,
    node: textIn(spec, 'nodeName'),
    isFinished: phase === 'Succeeded' || phase === 'Failed',
    owner: meta.owner,
    team: cleanText(textsAt(object, 'labels')(teamLabel)),
    gpus: requests(wholeGpu),
    gpuShares: requests(gpuShare),
  };
}

/** Containers run side by side; init containers run before them, one at a time, unless they stay (sidecars). */
function requestsOf(spec: unknown): (wanted: RegExp) => number {
  const containers = listIn(ownField(spec, 'containers')).slice(0, maxContainers);
  const initial = listIn(ownField(spec, 'initContainers')).slice(0, maxContainers);
  const stays = (container: unknown): boolean => ownField(container, 'restartPolicy') === 'Always';
  return (wanted) => {
    const of = (container: unknown): number => requestOf(container, wanted);
    const together = [...containers, ...initial.filter(stays)].map(of).reduce((sum, each) => sum + each, 0);
    return Math.max(together, ...initial.map(of));
  };
}

/** Of devices nobody can have more than is asked for, so that the limit says the same. */
function requestOf(container: unknown, wanted: RegExp): number {
  const resources = ownField(container, 'resources');
  const asked = { ...fieldsIn(ownField(resources, 'limits')), ...fieldsIn(ownField(resources, 'requests')) };
  let sum = 0;
  for (const [resource, quantity] of Object.entries(asked))
    if (wanted.test(resource)) sum += parseQuantity(quantity) ?? 0;
  return sum;
}
