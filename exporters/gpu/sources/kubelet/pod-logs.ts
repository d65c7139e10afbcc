import type { Dirent } from 'node:fs';
import { opendir } from 'node:fs/promises';
import { join } from 'node:path';
import { reasonOf, SourceError } from '../../../../kit/errors.ts';
import type { PodFacts } from '../../attribution/attribution.ts';
import type { PodDirectory } from '../../attribution/inputs.ts';
import { maxPods } from './limits.ts';

/** `<namespace>_<pod>_<uid>`; names in Kubernetes have no underscore. The uid of a static pod is a hash without dashes. */
const podFolder = /^([a-z0-9-]{1,63})_([a-z0-9.-]{1,253})_([A-Za-z0-9-]{1,64})$/;
const containerFolder = /^[a-z0-9-]{1,63}$/;
const maxContainersOfPod = 1000;

/**
 * Pods by the folders in which the kubelet keeps their logs: `<namespace>_<pod>_<uid>/<container>/<restart>.log`. They tell neither ids of
 * containers, nor labels, nor whether a pod is finished.
 */
export function createPodLogs({ path }: { readonly path: string }): PodDirectory {
  return {
    read: async () => {
      const pods: PodFacts[] = [];
      let bad = 0;
      try {
        for await (const entry of await opendir(path)) {
          const pod = pods.length < maxPods ? await podOf(path, entry) : undefined;
          if (pod === undefined) bad++;
          else pods.push(pod);
        }
      } catch (error) {
        throw new SourceError(
          `pod log folder ${path} cannot be read: ${reasonOf(error)}; mount it into the container, or name it with --kubernetes.pod-logs-path`,
        );
      }
      return { pods, bad };
    },
  };
}

async function podOf(path: string, entry: Dirent): Promise<PodFacts | undefined> {
  const [, namespace, pod, uid] = podFolder.exec(entry.name) ?? [];
  if (!entry.isDirectory() || namespace === undefined || pod === undefined || uid === undefined) return undefined;
  const containerNames = await containersIn(join(path, entry.name));
  return {
    namespace,
    pod,
    uid,
    containers: new Map(),
    labels: {},
    isFinished: false,
    ...(containerNames === undefined ? {} : { containerNames }),
  };
}

/** Undefined if the folder cannot be read to its end, or went away in between: an incomplete list would be taken for a complete one. */
async function containersIn(folder: string): Promise<readonly string[] | undefined> {
  const names: string[] = [];
  try {
    for await (const entry of await opendir(folder)) {
      if (entry.isDirectory() && containerFolder.test(entry.name)) names.push(entry.name);
      if (names.length > maxContainersOfPod) return undefined;
    }
  } catch {
    return undefined;
  }
  return names.sort();
}
