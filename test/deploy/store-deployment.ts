import { type KubernetesObject, objectOf, type PodMonitor } from './manifests.ts';
import type { Workload } from './workload.ts';

/** What deploy/kubernetes has for a daemon with a database. */
export function storeDeployment(daemon: string) {
  const file = `${daemon}.yaml`;
  const deployment = objectOf<Workload>(file, 'Deployment');
  const [container] = deployment.spec.template.spec.containers;
  const [command, ...argv] = container.args;
  return {
    deployment,
    container,
    command,
    argv,
    config: objectOf<KubernetesObject & { readonly data: Readonly<Record<string, string>> }>(file, 'ConfigMap').data,
    secret: objectOf<KubernetesObject & { readonly stringData: Readonly<Record<string, string>> }>(file, 'Secret')
      .stringData,
    claim: objectOf<KubernetesObject & { readonly spec: { readonly accessModes: readonly string[] } }>(
      file,
      'PersistentVolumeClaim',
    ),
    podMonitor: objectOf<PodMonitor>(`${daemon}-podmonitor.yaml`, 'PodMonitor'),
  };
}
