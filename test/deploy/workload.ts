import type { KubernetesObject } from './manifests.ts';

/** A Deployment with one container, as far as tests look at it. */
export interface Workload extends KubernetesObject {
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

export interface Container {
  readonly image: string;
  readonly args: readonly string[];
  readonly ports: readonly { readonly name: string; readonly containerPort: number }[];
  readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string; readonly readOnly?: boolean }[];
  readonly securityContext: Readonly<Record<string, unknown>>;
  readonly resources: {
    readonly requests: Readonly<Record<string, string>>;
    readonly limits: Readonly<Record<string, string>>;
  };
  readonly startupProbe: Probe;
  readonly livenessProbe: Probe;
  readonly readinessProbe: Probe;
}

interface Probe {
  readonly httpGet: Readonly<Record<string, string>>;
}
