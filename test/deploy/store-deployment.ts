import { type KubernetesObject, objectOf, type PodMonitor } from './manifests.ts';

interface Workload extends KubernetesObject {
  readonly spec: {
    readonly replicas: number;
    readonly strategy: unknown;
    readonly selector: { readonly matchLabels: Readonly<Record<string, string>> };
    readonly template: {
      readonly metadata: { readonly labels: Readonly<Record<string, string>> };
      readonly spec: {
        readonly serviceAccountName: string;
        readonly automountServiceAccountToken: boolean;
        readonly containers: readonly [Container];
        readonly volumes: readonly { readonly name: string; readonly persistentVolumeClaim?: unknown }[];
      };
    };
  };
}

interface Container {
  readonly image: string;
  readonly args: readonly string[];
  readonly ports: readonly { readonly name: string; readonly containerPort: number }[];
  readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string; readonly readOnly?: boolean }[];
  readonly securityContext: Readonly<Record<string, unknown>>;
}

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
