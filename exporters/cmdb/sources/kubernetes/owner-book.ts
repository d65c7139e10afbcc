import { reasonOf, SourceError } from '../../../../kit/errors.ts';
import type { ApiClient } from './api-client.ts';
import type { ResourceName } from './api-resources.ts';
import { isInBetween, type TopOwner } from './group-pods.ts';
import { listObjects } from './list-objects.ts';
import type { OwnerReference } from './object-meta.ts';
import { type OwnedObject, parseOwned } from './parse-namespace.ts';
import type { ClusterPod } from './parse-pod.ts';

/** What stands above the ReplicaSets and Jobs that made pods: Deployments, CronJobs, JobSets. */
export interface OwnerBook {
  /** Lists the kinds of which an owner is not known yet, and none else: what owns an object does not change. */
  readonly learn: (pods: Iterable<ClusterPod>, signal: AbortSignal) => Promise<LearntOwners>;
}

export interface LearntOwners {
  readonly topOwner: TopOwner;
  /** Why a kind could not be listed. */
  readonly failed: string | undefined;
}

const resourceOf: Readonly<Record<string, ResourceName>> = { ReplicaSet: 'replicasets', Job: 'jobs' };

export function createOwnerBook(client: ApiClient): OwnerBook {
  let known = new Map<string, OwnedObject>();

  async function list(resource: ResourceName, signal: AbortSignal): Promise<void> {
    const { objects } = await listObjects(client, { resource, parse: parseOwned, signal });
    for (const [uid, owned] of objects) known.set(uid, owned);
  }

  return {
    learn: async (pods, signal) => {
      const needed = neededOwners(pods);
      const unknown = [...needed.values()].filter(({ uid }) => !known.has(uid));
      const failures: string[] = [];
      for (const resource of new Set(unknown.flatMap(({ kind }) => resourceOf[kind] ?? []))) {
        try {
          await list(resource, signal);
        } catch (error) {
          if (!(error instanceof SourceError)) throw error;
          failures.push(`applications of pods that ${resource} made are not known: ${reasonOf(error)}`);
        }
      }
      known = new Map([...needed.keys()].flatMap((uid) => entryOf(uid, known.get(uid))));
      const failed = failures.length === 0 ? undefined : failures.join('; ');
      return { topOwner: (owner) => topOf(owner, known.get(owner.uid)), failed };
    },
  };
}

function neededOwners(pods: Iterable<ClusterPod>): ReadonlyMap<string, OwnerReference> {
  const needed = new Map<string, OwnerReference>();
  for (const { owner, isFinished } of pods)
    if (owner !== undefined && !isFinished && isInBetween(owner)) needed.set(owner.uid, owner);
  return needed;
}

function entryOf(uid: string, owned: OwnedObject | undefined): readonly (readonly [string, OwnedObject])[] {
  return owned === undefined ? [] : [[uid, owned]];
}

function topOf(owner: OwnerReference, owned: OwnedObject | undefined): OwnerReference | undefined {
  return owned === undefined ? undefined : (owned.owner ?? owner);
}
