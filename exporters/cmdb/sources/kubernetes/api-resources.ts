interface ApiResource {
  readonly path: string;
  /** Empty for the core group. */
  readonly group: string;
  /** True where names, labels and owners are all that is read of an object. */
  readonly isMetadataOnly: boolean;
  /** Whole pods are some 10 KB each, so that a page of them stays far below the largest answer. */
  readonly pageSize: number;
  readonly fieldSelector?: string;
}

/** All that is asked for; deploy/kubernetes/cmdb-rbac.yaml allows exactly this. */
export const apiResources = {
  nodes: { path: '/api/v1/nodes', group: '', isMetadataOnly: false, pageSize: 250 },
  pods: {
    path: '/api/v1/pods',
    group: '',
    isMetadataOnly: false,
    pageSize: 500,
    fieldSelector: 'status.phase!=Succeeded,status.phase!=Failed',
  },
  namespaces: { path: '/api/v1/namespaces', group: '', isMetadataOnly: true, pageSize: 1000 },
  replicasets: { path: '/apis/apps/v1/replicasets', group: 'apps', isMetadataOnly: true, pageSize: 1000 },
  jobs: { path: '/apis/batch/v1/jobs', group: 'batch', isMetadataOnly: true, pageSize: 1000 },
} as const satisfies Readonly<Record<string, ApiResource>>;

export type ResourceName = keyof typeof apiResources;

const partial = 'application/json;as=PartialObjectMetadata';

/** A server that cannot leave the rest of the objects out gives them whole. */
export function acceptOf(resource: ResourceName, isList: boolean): string {
  if (!apiResources[resource].isMetadataOnly) return 'application/json';
  return `${partial}${isList ? 'List' : ''};v=v1;g=meta.k8s.io,application/json`;
}
