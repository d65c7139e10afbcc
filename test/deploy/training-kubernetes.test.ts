import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import picomatch from 'picomatch';
import { trainingScrapeJob } from '../../cli/generate/scrape-config.ts';
import { trainingOptions } from '../../exporters/training/options.ts';
import { parseOptions } from '../../kit/options/parse.ts';
import { version } from '../../kit/version.ts';
import { training } from '../../metrics/training.ts';
import {
  type KubernetesObject,
  objectOf,
  objectsIn,
  type PodMonitor,
  type Relabeling,
  root,
  schemaComplaints,
} from './manifests.ts';

interface TrainingContainer {
  readonly image: string;
  readonly args: readonly string[];
  readonly env?: readonly { readonly name: string; readonly value?: string }[];
  readonly ports: readonly { readonly name: string; readonly containerPort: number }[];
  readonly livenessProbe?: { readonly httpGet: unknown };
  readonly readinessProbe?: { readonly httpGet: unknown };
  readonly restartPolicy?: string;
  readonly securityContext: Readonly<Record<string, unknown>>;
  readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string; readonly readOnly?: boolean }[];
}

interface Workload extends KubernetesObject {
  readonly spec: {
    readonly replicas?: number;
    readonly strategy?: unknown;
    readonly selector?: { readonly matchLabels: Readonly<Record<string, string>> };
    readonly template: {
      readonly metadata: { readonly labels: Readonly<Record<string, string>> };
      readonly spec: {
        readonly serviceAccountName?: string;
        readonly securityContext?: unknown;
        readonly shareProcessNamespace?: boolean;
        readonly initContainers?: readonly [TrainingContainer];
        readonly containers: readonly [TrainingContainer];
        readonly volumes: readonly Readonly<Record<string, unknown>>[];
      };
    };
  };
}

const files = readdirSync(join(root, 'deploy', 'kubernetes')).filter((name) => /^training-.*\.yaml$/.test(name));
const deployment = objectOf<Workload>('training-exporter.yaml', 'Deployment');
const daemonSet = objectOf<Workload>('training-pod-logs.yaml', 'DaemonSet');
const job = objectOf<Workload>('training-sidecar.yaml', 'Job');
const [deployed] = deployment.spec.template.spec.containers;
const [onNode] = daemonSet.spec.template.spec.containers;
const sidecar = sidecarOf(job);
const [forExporters, forSidecars] = podMonitors();

function sidecarOf({ spec }: Workload): TrainingContainer {
  const [first] = spec.template.spec.initContainers ?? [];
  if (first === undefined) throw new Error('the job has no sidecar');
  return first;
}

function podMonitors(): readonly [PodMonitor, PodMonitor] {
  const [first, second, ...more] = objectsIn('training-podmonitor.yaml');
  if (first === undefined || second === undefined || more.length > 0) throw new Error('there are not two PodMonitors');
  return JSON.parse(JSON.stringify([first, second]));
}

function optionsOf({ args: [command, ...argv] }: Pick<TrainingContainer, 'args'>) {
  expect(command).toBe('training');
  return parseOptions(trainingOptions, { argv, env: {}, readFile: () => '' });
}

function mountOf({ spec }: Workload, container: TrainingContainer, path: string) {
  const mount = container.volumeMounts.find(({ mountPath }) => path === mountPath || path.startsWith(`${mountPath}/`));
  const volume = spec.template.spec.volumes.find(({ name }) => name === mount?.name) ?? {};
  const { name: _, ...on } = volume;
  return { readOnly: mount?.readOnly === true, on };
}

test('there are manifests to check', () => {
  expect(files).toEqual([
    'training-exporter.yaml',
    'training-pod-logs.yaml',
    'training-podmonitor.yaml',
    'training-sidecar.yaml',
  ]);
});

test.each(files)('the schemas of Kubernetes and of the operator accept every object of %s', (file) => {
  const objects = objectsIn(file);
  expect(schemaComplaints(objects)).toEqual(objects.map(() => null));
});

test('the schema in use does refuse a broken Deployment and a broken Job', () => {
  const template = { spec: { containers: [{ name: 1 }] } };
  const broken = [deployment, job].map((object) => ({ ...object, spec: { ...object.spec, template } }));
  expect(schemaComplaints(broken).map((complaint) => complaint?.includes('name must be string'))).toEqual([true, true]);
});

describe.each([
  ['the Deployment', deployed],
  ['the DaemonSet', onNode],
  ['the sidecar', sidecar],
] as const)('%s', (_name, container) => {
  test('has the version of this package in its image, and the port of the exporter', () => {
    expect(container.image).toMatch(new RegExp(`/fleetlens:${version.replaceAll('.', '\\.')}$`));
    expect(container.ports.map(({ containerPort }) => containerPort)).toEqual([
      optionsOf(container)['web.listen-address'].port,
    ]);
  });

  test('reads and writes no more than it must', () => {
    expect(container.securityContext).toMatchObject({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
      seccompProfile: { type: 'RuntimeDefault' },
    });
    const written = container.volumeMounts
      .filter(({ readOnly }) => readOnly !== true)
      .map(({ mountPath }) => mountPath);
    const state = optionsOf(container)['state.file'];
    expect(written).toEqual(state === undefined ? [] : [dirname(state)]);
  });
});

describe('the Deployment', () => {
  test('is one exporter, since two would show every run twice', () => {
    expect(deployment.spec.replicas).toBe(1);
    expect(deployment.spec.strategy).toEqual({ type: 'Recreate' });
  });

  test('looks for runs in a claim that is mounted for reading, and leaves the owners of its files alone', () => {
    const [pattern = ''] = optionsOf(deployed)['runs.paths'];
    const { readOnly, on } = mountOf(deployment, deployed, dirname(pattern));
    expect({ readOnly, on }).toEqual({
      readOnly: true,
      on: { persistentVolumeClaim: { claimName: 'training-runs', readOnly: true } },
    });
    expect(deployment.spec.template.spec.securityContext).toBeUndefined();
    expect(deployed.securityContext['runAsNonRoot']).toBe(true);
  });
});

describe('the DaemonSet', () => {
  test('reads the logs of containers as the kubelet lays them out', () => {
    const { 'runs.paths': [pattern = ''] = [], 'logs.names': names } = optionsOf(onNode);
    const uid = '0b1d5f3c-9c5e-4a8f-8a43-6f4b6f3a9f10';
    expect(picomatch.isMatch(`/var/log/pods/ml_train-0_${uid}/main`, pattern)).toBe(true);
    expect(picomatch.isMatch(`/var/log/pods/kube-system_coredns-0_${uid}/coredns`, pattern)).toBe(false);
    expect(names).toEqual(['*.log']);
    expect(mountOf(daemonSet, onNode, dirname(dirname(pattern)))).toEqual({
      readOnly: true,
      on: { hostPath: { path: '/var/log/pods', type: 'Directory' } },
    });
  });

  test('keeps its state on the node', () => {
    const file = optionsOf(onNode)['state.file'] ?? '';
    expect(mountOf(daemonSet, onNode, file).on).toEqual({
      hostPath: { path: dirname(file), type: 'DirectoryOrCreate' },
    });
  });
});

describe('the sidecar', () => {
  const { initContainers: _, ...pod } = job.spec.template.spec;
  const [trainer] = pod.containers;

  test('lives as long as the trainer, and sees its processes', () => {
    expect(sidecar.restartPolicy).toBe('Always');
    expect(pod.shareProcessNamespace).toBe(true);
    const userOf = ({ securityContext }: TrainingContainer) => securityContext['runAsUser'];
    expect(userOf(sidecar)).toBe(userOf(trainer));
  });

  test('reads the folder that the trainer writes', () => {
    const [pattern = ''] = optionsOf(sidecar)['runs.paths'];
    expect(mountOf(job, sidecar, dirname(pattern)).on).toEqual(mountOf(job, trainer, dirname(pattern)).on);
    const folder = trainer.env?.find(({ name }) => name === 'TENSORBOARD_LOGGING_DIR')?.value ?? '';
    expect(picomatch.isMatch(folder.replace('$(JOB_NAME)', 'finetune'), pattern)).toBe(true);
  });
});

describe('the PodMonitors', () => {
  const endpointOf = ({ spec }: PodMonitor) => spec.podMetricsEndpoints[0];

  test('find the pods by label and port', () => {
    const selector: { matchExpressions?: readonly { key: string; values: readonly string[] }[] } = JSON.parse(
      JSON.stringify(forExporters.spec.selector),
    );
    const [wanted] = selector.matchExpressions ?? [];
    for (const { spec } of [deployment, daemonSet]) {
      expect(wanted?.values).toContain(spec.template.metadata.labels[wanted?.key ?? '']);
      expect(spec.template.metadata.labels).toMatchObject(spec.selector?.matchLabels ?? { missing: '' });
    }
    expect(job.spec.template.metadata.labels).toMatchObject(forSidecars.spec.selector.matchLabels);
    expect([deployed, onNode].map(({ ports }) => ports[0]?.name)).toEqual(
      Array(2).fill(endpointOf(forExporters)?.port),
    );
    expect(sidecar.ports.map(({ name }) => name)).toEqual([endpointOf(forSidecars)?.port]);
    expect(endpointOf(forExporters)?.path).toBe(optionsOf(deployed)['web.telemetry-path']);
  });

  test('give the job the name that rules and boards ask for, and the node its label', () => {
    const { job_name } = trainingScrapeJob({});
    for (const monitor of [forExporters, forSidecars]) {
      expect(endpointOf(monitor)?.relabelings).toContainEqual({
        targetLabel: 'job',
        replacement: job_name,
      });
      expect(endpointOf(monitor)?.relabelings).toContainEqual({
        sourceLabels: ['__meta_kubernetes_pod_node_name'],
        targetLabel: 'node',
      });
    }
  });

  test('drop the labels of the exporter that series use for the pods that train, and keep those of a sidecar', () => {
    const labels = ['namespace', 'pod'] as const;
    expect(training.training_run_info.labels).toEqual(expect.arrayContaining([...labels]));
    expect(labels.filter((label) => !drops(endpointOf(forExporters)?.relabelings ?? [], label))).toEqual([]);
    expect(labels.filter((label) => drops(endpointOf(forSidecars)?.relabelings ?? [], label))).toEqual([]);
    const kept = ['job', 'node', 'instance', 'cluster', '__address__'];
    expect(kept.filter((label) => drops(endpointOf(forExporters)?.relabelings ?? [], label))).toEqual([]);
  });
});

function drops(relabelings: readonly Relabeling[], label: string): boolean {
  return relabelings.some(({ action, regex }) => action === 'labeldrop' && new RegExp(`^(?:${regex})$`).test(label));
}
