import { join } from 'node:path';
import { inferenceOptions } from '../../exporters/inference/options.ts';
import { parseOptions } from '../../kit/options/parse.ts';
import { type KubernetesObject, objectOf, objectsIn } from './manifests.ts';

interface Port {
  readonly name: string;
  readonly containerPort: number;
}

interface Probe {
  readonly httpGet: { readonly path: string; readonly port: string };
}

export interface ServingContainer {
  readonly name: string;
  readonly image: string;
  readonly args: readonly string[];
  readonly ports: readonly Port[];
  readonly livenessProbe: Probe;
  readonly readinessProbe: Probe;
  readonly lifecycle?: { readonly preStop: { readonly exec: { readonly command: readonly string[] } } };
  readonly resources: { readonly limits: { readonly memory: string } };
  readonly securityContext: Readonly<Record<string, unknown>>;
  readonly volumeMounts: readonly {
    readonly name: string;
    readonly mountPath: string;
    readonly readOnly?: boolean;
    readonly subPath?: string;
  }[];
}

interface Source {
  readonly configMap?: { readonly name: string };
  readonly secret?: { readonly name: string };
}

interface Volume {
  readonly name: string;
  readonly projected?: { readonly sources: readonly Source[] };
  readonly persistentVolumeClaim?: { readonly claimName: string };
}

export interface Deployment extends KubernetesObject {
  readonly kind: 'Deployment';
  readonly spec: {
    readonly replicas: number;
    readonly strategy: unknown;
    readonly selector: { readonly matchLabels: Readonly<Record<string, string>> };
    readonly template: {
      readonly metadata: { readonly labels: Readonly<Record<string, string>> };
      readonly spec: {
        readonly serviceAccountName?: string;
        readonly automountServiceAccountToken: boolean;
        readonly terminationGracePeriodSeconds: number;
        readonly securityContext?: { readonly fsGroup: number };
        readonly containers: readonly ServingContainer[];
        readonly volumes: readonly Volume[];
      };
    };
  };
}

export interface Service extends KubernetesObject {
  readonly kind: 'Service';
  readonly spec: {
    readonly selector: Readonly<Record<string, string>>;
    readonly ports: readonly { readonly port: number; readonly targetPort: string }[];
  };
}

export interface ConfigMap extends KubernetesObject {
  readonly kind: 'ConfigMap';
  readonly data: Readonly<Record<string, string>>;
}

export interface Secret extends KubernetesObject {
  readonly kind: 'Secret';
  readonly stringData: Readonly<Record<string, string>>;
}

export const gateway = setUp('inference-gateway.yaml', 'proxy');
export const sidecar = setUp('inference-sidecar.yaml', 'fleetlens-inference');

/** The parts of a file that put one proxy into the cluster. */
function setUp(file: string, name: string) {
  const deployment = objectOf<Deployment>(file, 'Deployment');
  return {
    file,
    deployment,
    pod: deployment.spec.template.spec,
    service: objectOf<Service>(file, 'Service'),
    configMap: objectOf<ConfigMap>(file, 'ConfigMap'),
    container: containerOf(deployment, name),
  };
}

export type SetUp = ReturnType<typeof setUp>;

export function containerOf({ spec }: Deployment, wanted: string): ServingContainer {
  const found = spec.template.spec.containers.find(({ name }) => name === wanted);
  if (found === undefined) throw new Error(`there is no container ${wanted}`);
  return found;
}

/** What the daemon is started with. */
export function argvOf({ args: [command, ...argv] }: ServingContainer): readonly string[] {
  if (command !== 'inference') throw new Error(`the container runs ${command}`);
  return argv;
}

export function optionsOf(container: ServingContainer) {
  return parseOptions(inferenceOptions, { argv: argvOf(container), env: {}, readFile: () => '' });
}

export function portOf({ ports }: ServingContainer, wanted: string): number | undefined {
  return ports.find(({ name }) => name === wanted)?.containerPort;
}

/** The files that the container finds, by path. */
export function mountedFiles({ file, pod, container }: SetUp): ReadonlyMap<string, string> {
  const entries = container.volumeMounts.flatMap(({ name, mountPath }) => {
    const volume = pod.volumes.find((each) => each.name === name);
    const sources = volume?.projected?.sources ?? [];
    return sources.flatMap((source) =>
      Object.entries(dataOf(file, source)).map(([key, text]) => [join(mountPath, key), text] as const),
    );
  });
  return new Map(entries);
}

function dataOf(file: string, source: Source): Readonly<Record<string, string>> {
  const wanted = source.configMap ?? source.secret;
  const kind = source.configMap === undefined ? 'Secret' : 'ConfigMap';
  const found = objectsIn(file).find(({ kind: each, metadata }) => each === kind && metadata.name === wanted?.name);
  const { data, stringData }: { data?: Record<string, string>; stringData?: Record<string, string> } = JSON.parse(
    JSON.stringify(found ?? {}),
  );
  return data ?? stringData ?? {};
}

/** Reads these files and no other. */
export function reader(present: ReadonlyMap<string, string>): (path: string) => string {
  return (path) => {
    const text = present.get(path);
    if (text === undefined) throw new Error(`ENOENT: ${path}`);
    return text;
  };
}
