interface ServedKind {
  readonly kind: string;
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  readonly isNamespaced: boolean;
}

/** What the fake serves, by the name in paths. One more line is one more resource. */
export const servedKinds = {
  nodes: { kind: 'Node', group: '', version: 'v1', isNamespaced: false },
  namespaces: { kind: 'Namespace', group: '', version: 'v1', isNamespaced: false },
  pods: { kind: 'Pod', group: '', version: 'v1', isNamespaced: true },
  resourcequotas: { kind: 'ResourceQuota', group: '', version: 'v1', isNamespaced: true },
  replicasets: { kind: 'ReplicaSet', group: 'apps', version: 'v1', isNamespaced: true },
  deployments: { kind: 'Deployment', group: 'apps', version: 'v1', isNamespaced: true },
  statefulsets: { kind: 'StatefulSet', group: 'apps', version: 'v1', isNamespaced: true },
  daemonsets: { kind: 'DaemonSet', group: 'apps', version: 'v1', isNamespaced: true },
  jobs: { kind: 'Job', group: 'batch', version: 'v1', isNamespaced: true },
  cronjobs: { kind: 'CronJob', group: 'batch', version: 'v1', isNamespaced: true },
  leases: { kind: 'Lease', group: 'coordination.k8s.io', version: 'v1', isNamespaced: true },
} as const satisfies Readonly<Record<string, ServedKind>>;

export type Resource = keyof typeof servedKinds;

export function apiVersionOf(resource: Resource): string {
  const { group, version } = servedKinds[resource];
  return group === '' ? version : `${group}/${version}`;
}

/** What a path asks for. */
export interface Target {
  readonly resource: Resource;
  readonly namespace: string | undefined;
  readonly name: string | undefined;
  readonly subresource: string | undefined;
}

/** Undefined for a path that the fake does not serve. */
export function targetOf(pathname: string): Target | undefined {
  const found = /^\/(?:api\/(v1)|apis\/([^/]+\/[^/]+))\/(.+)$/.exec(pathname);
  if (found === null) return undefined;
  const [, core, grouped, rest = ''] = found;
  const parts = rest.split('/').map(decoded);
  const isScoped = parts[0] === 'namespaces' && parts.length > 2;
  const [resource = '', name, subresource, ...more] = isScoped ? parts.slice(2) : parts;
  if (!isServed(resource) || more.length > 0 || apiVersionOf(resource) !== (core ?? grouped)) return undefined;
  return { resource, namespace: isScoped ? parts[1] : undefined, name, subresource };
}

function isServed(name: string): name is Resource {
  return Object.hasOwn(servedKinds, name);
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
