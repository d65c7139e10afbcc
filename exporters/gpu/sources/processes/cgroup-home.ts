import type { ProcessHome } from '../../attribution/attribution.ts';
import { jobPatterns } from './job-patterns.ts';

export type CgroupHome = Exclude<ProcessHome, { readonly kind: 'bare' }>;

/** Beyond what the kernel writes: some 15 hierarchies, each a path of at most PATH_MAX with names of at most NAME_MAX. */
const maxLines = 64;
const maxPath = 4096;
const maxName = 255;

/**
 * The pod or job of a process from the text of /proc/<pid>/cgroup: lines of `<hierarchy>:<controllers>:<path>`, cgroup v1 and v2 (see
 * cgroups(7)). A job counts more than a pod, because batch systems also run inside pods. Paths may be relative to another cgroup
 * namespace (`/../..`), so patterns look for names and not for where they are.
 */
export function homeOfCgroup(text: string): CgroupHome | undefined {
  const paths = pathsOf(text);
  const pods = paths.flatMap(podOf);
  return paths.flatMap(jobOf)[0] ?? pods.find(({ containerId }) => containerId !== undefined) ?? pods[0];
}

function pathsOf(text: string): readonly string[] {
  return text
    .slice(0, maxLines * maxPath)
    .split('\n', maxLines)
    .flatMap((line) => /^\d+:[^:]*:(\/.*)$/.exec(line)?.[1] ?? [])
    .filter((path) => path.length <= maxPath)
    .map(trustedPart);
}

/**
 * Without what the kernel appends to the path of a cgroup that was removed, and without all below the service manager of a user: people
 * make and name cgroups there as they like, so a name there proves nothing.
 */
function trustedPart(path: string): string {
  return path.replace(/ \(deleted\)$/, '').replace(/\/user@\d+\.service(\/.*)?$/, '');
}

function jobOf(path: string): CgroupHome[] {
  for (const { pattern } of jobPatterns) {
    const { jobId, userId } = pattern.exec(path)?.groups ?? {};
    if (jobId !== undefined) return [{ kind: 'job', jobId, ...(userId === undefined ? {} : { userId }) }];
  }
  return [];
}

/**
 * The folder of a pod, as the kubelet names it: `kubepods-burstable-pod<uid>.slice` by systemd, with _ for - in the uid and maybe with more
 * in front (`kubelet-kubepods-…`), or `pod<uid>` by the cgroupfs driver. The uid of a static pod is a hash without dashes. Where the
 * container runtime uses cgroupfs and the kubelet systemd, the container is in the same name: `….slice:cri-containerd:<id>`.
 */
const podFolder =
  /^(?:.*kubepods(?:-burstable|-besteffort)?-pod|pod)(?<uid>[0-9a-f]{8}(?:[-_][0-9a-f]{4}){3}[-_][0-9a-f]{12}|[0-9a-f]{32})(?:\.slice)?(?::[\w-]+:(?<id>[0-9a-f]{64}))?$/;

/** The folder of a container: its id, with the name of the runtime in front and `.scope` behind where systemd makes it. */
const containerFolder = /^(?:[a-z][a-z-]*-)?(?<id>[0-9a-f]{64})(?:\.scope)?$/;

interface Pod {
  readonly kind: 'pod';
  readonly podUid: string;
  readonly containerId?: string;
}

/** The outermost pod of the path: one inside it belongs to a cluster that runs in that pod. */
function podOf(path: string): Pod[] {
  const names = path.split('/').map((name) => (name.length <= maxName ? name : ''));
  for (const [position, name] of names.entries()) {
    const { uid, id } = podFolder.exec(name)?.groups ?? {};
    if (uid === undefined) continue;
    const containerId = id ?? containerFolder.exec(names[position + 1] ?? '')?.groups?.['id'];
    return [{ kind: 'pod', podUid: uid.replaceAll('_', '-'), ...(containerId === undefined ? {} : { containerId }) }];
  }
  return [];
}
