import { defineSourceType, type SourceType } from '../source-type.ts';
import type { KubernetesConfig } from './kubernetes-config.ts';
import { createKubernetesSource } from './kubernetes-source.ts';
import { kubernetesKeys, readKubernetesConfig } from './read-config.ts';

/** `env` tells a pod where the API server of its cluster is. */
export function kubernetesSourceType(env: Readonly<Record<string, string | undefined>>): SourceType<KubernetesConfig> {
  return defineSourceType({
    type: 'kubernetes',
    about: 'Nodes, namespaces with their tenants, and applications of a Kubernetes cluster, from its API server.',
    keys: kubernetesKeys,
    read: (field, deps) => readKubernetesConfig(field, { ...deps, env }),
    create: createKubernetesSource,
  });
}
