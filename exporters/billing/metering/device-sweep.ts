import type { Span } from '../span.ts';
import type { DeviceInput } from './accrual.ts';
import type { Held } from './held-spans.ts';
import { coverOf, unionOf } from './spans.ts';

/** Of several reasons at once the first that is here; others after them. */
const reasons = ['lost', 'not_ready', 'cordoned'];

/** What is so of a GPU at a moment. */
export interface Moment {
  readonly isInstalled: boolean;
  /** Why nobody could have what nobody holds; undefined if it was free. */
  readonly unavailable: string | undefined;
  readonly replicas: number;
  /** Instances that exist, number and profile. */
  readonly instances: ReadonlyMap<string, string>;
  readonly holders: readonly { readonly held: Held; readonly times: number }[];
}

export interface Sweep {
  /** Between two of them nothing changes. */
  readonly edges: readonly number[];
  /** Times must ascend. */
  readonly at: (timeMs: number) => Moment;
}

export function createSweep(device: DeviceInput, installed: readonly Span[], all: readonly Held[]): Sweep {
  const edges = new Set<number>();
  const walk = (spans: readonly Span[]): ((timeMs: number) => boolean) => {
    const union = unionOf(spans);
    for (const { startMs, endMs } of union) edges.add(startMs).add(endMs);
    return coverOf(union);
  };
  const isInstalled = walk(installed);
  const isSeen = walk(device.seen);
  const unavailable = byReason(device).map(({ reason, spans }) => ({ reason, isNow: walk(spans) }));
  const replicas = device.replicas.map(({ span, replicas: count }) => ({ count, isNow: walk([span]) }));
  const instances = latestLast(device.instances).map((instance) => ({ ...instance, isNow: walk(instance.spans) }));
  const holders = all.map((held) => ({ held, isNow: walk(held.spans) }));
  const surplus = all.flatMap((held) => held.surplus.map((span) => ({ held, times: span.times, isNow: walk([span]) })));
  const walkers = { isInstalled, isSeen, unavailable, replicas, instances, holders, surplus };
  return { edges: [...edges].sort((left, right) => left - right), at: (timeMs) => momentAt(timeMs, walkers) };
}

type Now = { readonly isNow: (timeMs: number) => boolean };

interface Walkers {
  readonly isInstalled: (timeMs: number) => boolean;
  readonly isSeen: (timeMs: number) => boolean;
  readonly unavailable: readonly (Now & { readonly reason: string })[];
  readonly replicas: readonly (Now & { readonly count: number })[];
  readonly instances: readonly (Now & { readonly gpuInstanceId: string; readonly profile: string })[];
  readonly holders: readonly (Now & { readonly held: Held })[];
  readonly surplus: readonly (Now & { readonly held: Held; readonly times: number })[];
}

function momentAt(timeMs: number, walkers: Walkers): Moment {
  const isNow = (walker: Now): boolean => walker.isNow(timeMs);
  const holders = [
    ...walkers.holders.filter(isNow).map(({ held }) => ({ held, times: 1 })),
    ...walkers.surplus.filter(isNow).map(({ held, times }) => ({ held, times })),
  ];
  const counts = walkers.replicas.filter(isNow).map(({ count }) => Math.floor(count));
  const isSeen = walkers.isSeen(timeMs);
  return {
    isInstalled: walkers.isInstalled(timeMs),
    unavailable: walkers.unavailable.find(isNow)?.reason ?? (isSeen ? undefined : 'no_data'),
    replicas: Math.max(1, ...counts),
    instances: instancesOf(walkers.instances.filter(isNow), holders),
    holders,
  };
}

/** Those that are known to exist, and those that somebody holds. */
function instancesOf(
  existing: readonly { readonly gpuInstanceId: string; readonly profile: string }[],
  holders: Moment['holders'],
): ReadonlyMap<string, string> {
  const instances = new Map(existing.map(({ gpuInstanceId, profile }) => [gpuInstanceId, profile]));
  for (const { held } of holders) {
    const { gpuInstanceId, profile } = held.holding;
    if (gpuInstanceId === '') continue;
    if (profile !== '' || !instances.has(gpuInstanceId)) instances.set(gpuInstanceId, profile);
  }
  return instances;
}

function byReason({
  unavailable,
}: DeviceInput): readonly { readonly reason: string; readonly spans: readonly Span[] }[] {
  const rankOf = (reason: string): string =>
    `${reasons.includes(reason) ? reasons.indexOf(reason) : reasons.length}${reason}`;
  return [...new Set(unavailable.map(({ reason }) => reason))]
    .sort((left, right) => (rankOf(left) < rankOf(right) ? -1 : 1))
    .map((reason) => ({
      reason,
      spans: unavailable.filter((other) => other.reason === reason).map(({ span }) => span),
    }));
}

/** Where sources lag, an instance may have two profiles for a moment: the one that it had later counts. */
function latestLast(instances: DeviceInput['instances']): DeviceInput['instances'] {
  const startOf = ({ spans }: { readonly spans: readonly Span[] }): number =>
    Math.min(...spans.map(({ startMs }) => startMs));
  return instances.toSorted(
    (left, right) =>
      startOf(left) - startOf(right) || (left.profile < right.profile ? -1 : Number(left.profile > right.profile)),
  );
}
