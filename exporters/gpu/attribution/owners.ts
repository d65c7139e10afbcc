import { podName } from './allocations.ts';
import type { Allocation, DeviceKey, Owner, PodFacts, ProcessHome } from './attribution.ts';
import { covers } from './keys.ts';

export const unattributed: Owner = { kind: 'unattributed' };

interface Knowledge {
  readonly pods: ReadonlyMap<string, PodFacts>;
  readonly allocations: readonly Allocation[];
  /** Gives the name under which a process of neither pod nor job is shown. */
  readonly nameOf: (device: DeviceKey, name: string) => string;
}

/** Whose the process is that runs on the device; `home` is undefined where nothing is known about it. */
export function ownerOf(device: DeviceKey, home: ProcessHome | undefined, known: Knowledge): Owner {
  switch (home?.kind) {
    case undefined:
      return unattributed;
    case 'job':
      return { kind: 'job', jobId: home.jobId, userId: home.userId };
    case 'bare':
      return { kind: 'process', name: known.nameOf(device, home.name) };
    case 'pod':
      return podOwner(device, home, known);
  }
}

type PodHome = Extract<ProcessHome, { kind: 'pod' }>;

/** A pod that no directory knows can only be the one that has the device, if there is only one. */
function podOwner(device: DeviceKey, { podUid, containerId }: PodHome, known: Knowledge): Owner {
  const facts = known.pods.get(podUid);
  const holders = podsOf(device, known.allocations);
  const holder = facts === undefined ? onlyOne(holders) : undefined;
  const { namespace, pod } = facts ?? holder ?? {};
  if (namespace === undefined || pod === undefined) return unattributed;
  const container =
    (containerId === undefined ? undefined : facts?.containers.get(containerId)) ??
    only(new Set([...(facts?.containers.values() ?? []), ...(facts?.containerNames ?? [])])) ??
    only(containersOf({ namespace, pod }, holders)) ??
    '';
  return { kind: 'pod', namespace, pod, container };
}

type PodHolder = Extract<Allocation['holder'], { kind: 'pod' }>;

function podsOf(device: DeviceKey, allocations: readonly Allocation[]): readonly PodHolder[] {
  return allocations.flatMap(({ device: held, holder }) =>
    holder.kind === 'pod' && covers(held, device) ? [holder] : [],
  );
}

function onlyOne(holders: readonly PodHolder[]): PodHolder | undefined {
  const [first] = holders;
  return new Set(holders.map(podName)).size === 1 ? first : undefined;
}

function containersOf(
  pod: { readonly namespace: string; readonly pod: string },
  holders: readonly PodHolder[],
): ReadonlySet<string> {
  return new Set(holders.filter((holder) => podName(holder) === podName(pod)).map(({ container }) => container));
}

function only<T>(items: ReadonlySet<T>): T | undefined {
  const [first] = items;
  return items.size === 1 ? first : undefined;
}
