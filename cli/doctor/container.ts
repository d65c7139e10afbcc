export const containers = ['Kubernetes pod', 'Docker container', 'Podman container', 'container'] as const;
export type Container = (typeof containers)[number];

export interface ContainerTraces {
  /** The environment names the API server. */
  readonly isKubernetes: boolean;
  readonly hasDockerenv: boolean;
  readonly hasContainerenv: boolean;
  /** Value of `container` in the environment, which systemd, LXC and Podman set. */
  readonly manager: string | undefined;
  /** Content of /proc/self/cgroup. */
  readonly cgroup: string;
}

/** In what kind of container a process with such traces runs; undefined if it runs in none. */
export function containerOf(traces: ContainerTraces): Container | undefined {
  const { isKubernetes, hasDockerenv, hasContainerenv, manager, cgroup } = traces;
  if (isKubernetes || /kubepods/.test(cgroup)) return 'Kubernetes pod';
  if (hasContainerenv || manager === 'podman' || /libpod/.test(cgroup)) return 'Podman container';
  if (hasDockerenv || /\/docker[/-][0-9a-f]{12}/.test(cgroup)) return 'Docker container';
  if (manager || /\/lxc[/.]|cri-containerd|crio-/.test(cgroup)) return 'container';
  return undefined;
}
