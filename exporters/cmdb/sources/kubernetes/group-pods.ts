import type { MappingConfig } from './kubernetes-config.ts';
import type { OwnerReference } from './object-meta.ts';
import type { ClusterPod } from './parse-pod.ts';

/** What runs in a cluster, as people know it: a Deployment, a job, a service; not its pods, which come and go. */
export interface Application {
  readonly namespace: string;
  readonly kind: string;
  readonly name: string;
  replicas: number;
  gpus: number;
  gpuShares: number;
  readonly nodes: Set<string>;
  readonly teams: Set<string>;
}

/** Kinds that end by themselves; all others are meant to last. */
const passingKinds = new Set(['Job', 'CronJob', 'JobSet', 'Pod']);
const daemonKinds = new Set(['DaemonSet', 'StaticPod']);
/** Kinds whose owners are what people know. */
const inBetween = new Set(['ReplicaSet', 'Job']);

/** Pods that have not finished, by what made them. */
export function groupPods(
  pods: Iterable<ClusterPod>,
  topOwner: TopOwner,
  { isWanted, applications, hasDaemons }: Pick<MappingConfig, 'isWanted' | 'applications' | 'hasDaemons'>,
): readonly Application[] {
  const groups = new Map<string, Application>();
  for (const pod of pods) {
    if (pod.isFinished || !isWanted(pod.namespace)) continue;
    const maker = makerOf(pod, topOwner);
    if (maker !== undefined) addTo(groups, pod, maker);
  }
  return [...groups.values()].filter((application) => isChosen(application, applications, hasDaemons));
}

type Maker = Pick<OwnerReference, 'kind' | 'name'>;

/** Undefined for an owner that is not known: it has just been deleted, and its pods go too. */
export type TopOwner = (owner: OwnerReference) => Maker | undefined;

export function isInBetween({ kind }: OwnerReference): boolean {
  return inBetween.has(kind);
}

function makerOf({ owner, name, node }: ClusterPod, topOwner: TopOwner): Maker | undefined {
  if (owner === undefined) return { kind: 'Pod', name };
  if (owner.kind === 'Node') return { kind: 'StaticPod', name: withoutEnd(name, `-${node ?? owner.name}`) };
  return isInBetween(owner) ? topOwner(owner) : owner;
}

/** The kubelet puts the name of the node behind that of a static pod. */
function withoutEnd(name: string, end: string): string {
  return name.endsWith(end) && name.length > end.length ? name.slice(0, -end.length) : name;
}

function addTo(groups: Map<string, Application>, pod: ClusterPod, { kind, name }: Maker): void {
  const { namespace, node, gpus, gpuShares, team } = pod;
  const key = `${namespace}/${kind}/${name}`;
  const group = groups.get(key) ?? newApplication(namespace, kind, name);
  groups.set(key, group);
  group.replicas++;
  group.gpus += gpus;
  group.gpuShares += gpuShares;
  if (node !== undefined) group.nodes.add(node);
  if (team !== undefined) group.teams.add(team);
}

function newApplication(namespace: string, kind: string, name: string): Application {
  return { namespace, kind, name, replicas: 0, gpus: 0, gpuShares: 0, nodes: new Set(), teams: new Set() };
}

function isChosen({ kind, gpus, gpuShares }: Application, choice: string, hasDaemons: boolean): boolean {
  if (choice === 'none') return false;
  if (gpus + gpuShares > 0) return true;
  if (daemonKinds.has(kind)) return hasDaemons;
  if (kind === 'Pod' || choice === 'gpu') return false;
  return choice === 'all' || !passingKinds.has(kind);
}
