import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadAll } from 'js-yaml';

export const root = join(import.meta.dirname, '..', '..');

export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
}

export function readDeployFile(path: string): string {
  return readFileSync(join(root, 'deploy', path), 'utf8');
}

/** The objects of a file in deploy/kubernetes, as the API server gets them. */
export function objectsIn(file: string): readonly KubernetesObject[] {
  return JSON.parse(JSON.stringify(loadAll(readDeployFile(join('kubernetes', file)))));
}

export function objectOf<T extends KubernetesObject>(file: string, kind: T['kind']): T {
  const found = objectsIn(file).filter((object) => object.kind === kind);
  if (found.length !== 1) throw new Error(`${file} has ${found.length} objects of kind ${kind}`);
  return JSON.parse(JSON.stringify(found[0]));
}

/** What the schemas of Kubernetes and of the Prometheus Operator say to each object; null where they are content. */
export function schemaComplaints(objects: readonly unknown[]): readonly (string | null)[] {
  const script = join(import.meta.dirname, 'validate-objects.mjs');
  return JSON.parse(execFileSync(process.execPath, [script], { input: JSON.stringify(objects), encoding: 'utf8' }));
}

interface Mount {
  readonly name: string;
  readonly mountPath: string;
  readonly readOnly?: boolean;
}

interface Probe {
  readonly httpGet: { readonly path: string; readonly port: string };
}

export interface Container {
  readonly image: string;
  readonly args: readonly string[];
  readonly env: readonly { readonly name: string; readonly value?: string }[];
  readonly ports: readonly { readonly name: string; readonly containerPort: number }[];
  readonly livenessProbe: Probe;
  readonly readinessProbe: Probe;
  readonly resources: unknown;
  readonly securityContext: Readonly<Record<string, unknown>>;
  readonly volumeMounts: readonly Mount[];
}

export interface DaemonSet extends KubernetesObject {
  readonly kind: 'DaemonSet';
  readonly spec: {
    readonly selector: { readonly matchLabels: Readonly<Record<string, string>> };
    readonly template: {
      readonly metadata: { readonly labels: Readonly<Record<string, string>> };
      readonly spec: {
        readonly serviceAccountName: string;
        readonly hostPID: boolean;
        readonly terminationGracePeriodSeconds: number;
        readonly tolerations: readonly unknown[];
        readonly containers: readonly [Container];
        readonly volumes: readonly {
          readonly name: string;
          readonly hostPath: { readonly path: string; readonly type: string };
        }[];
      };
    };
  };
}

export interface Relabeling {
  readonly sourceLabels?: readonly string[];
  readonly targetLabel?: string;
  readonly replacement?: string;
  readonly action?: string;
  readonly regex?: string;
}

export interface PodMonitor extends KubernetesObject {
  readonly kind: 'PodMonitor';
  readonly spec: {
    readonly selector: { readonly matchLabels: Readonly<Record<string, string>> };
    readonly podMetricsEndpoints: readonly {
      readonly port: string;
      readonly path: string;
      readonly relabelings: readonly Relabeling[];
    }[];
  };
}
