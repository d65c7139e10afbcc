import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gpuScrapeJob } from '../../cli/generate/scrape-config.ts';
import { gpuOptions } from '../../exporters/gpu/options.ts';
import { createPodList } from '../../exporters/gpu/sources/kubelet/pod-list.ts';
import { parseOptions } from '../../kit/options/parse.ts';
import { version } from '../../kit/version.ts';
import { gpu } from '../../metrics/gpu.ts';
import { codeBlocks } from './code-blocks.ts';
import {
  type Container,
  type DaemonSet,
  objectOf,
  objectsIn,
  type PodMonitor,
  root,
  schemaComplaints,
} from './manifests.ts';

const files = readdirSync(join(root, 'deploy', 'kubernetes')).filter((name) => /^gpu-.*\.yaml$/.test(name));
const daemonSet = objectOf<DaemonSet>('gpu-exporter.yaml', 'DaemonSet');
const pod = daemonSet.spec.template.spec;
const [exporter] = pod.containers;
const podMonitor = objectOf<PodMonitor>('gpu-exporter-podmonitor.yaml', 'PodMonitor');
const [endpoint] = podMonitor.spec.podMetricsEndpoints;
const guide = readFileSync(join(root, 'docs/guides/gpu-exporter-install.md'), 'utf8');

/** The options that a container starts with, and the files and folders that they name. */
function optionsOf({ args: [command, ...argv] }: Pick<Container, 'args'>) {
  expect(command).toBe('gpu');
  return parseOptions(gpuOptions, { argv, env: {}, readFile: () => '' });
}

function mountOf(path: string) {
  const found = exporter.volumeMounts
    .filter(({ mountPath }) => path === mountPath || path.startsWith(`${mountPath}/`))
    .map(({ name, readOnly }) => ({ readOnly, on: pod.volumes.find((volume) => volume.name === name)?.hostPath }));
  return found[0];
}

test('there are manifests to check', () => {
  expect(files).toEqual(['gpu-exporter-pod-list.yaml', 'gpu-exporter-podmonitor.yaml', 'gpu-exporter.yaml']);
});

test.each(files)('the schemas of Kubernetes and of the operator accept every object of %s', (file) => {
  const objects = objectsIn(file);
  expect(objects.length).toBeGreaterThan(0);
  expect(schemaComplaints(objects)).toEqual(objects.map(() => null));
});

test('the schema in use does refuse a broken DaemonSet', () => {
  const broken = { ...daemonSet, spec: { ...daemonSet.spec, template: { spec: { containers: [{ name: 1 }] } } } };
  expect(schemaComplaints([broken])[0]).toContain('name must be string');
});

describe('the DaemonSet', () => {
  test('starts the exporter with options that exist', () => {
    const options = optionsOf(exporter);
    expect(options.source).toBe('nvml');
    expect(options['kubernetes.enabled']).toBe('on');
  });

  test('has the version of this package in its image', () => {
    expect(exporter.image).toMatch(new RegExp(`/fleetlens:${version.replaceAll('.', '\\.')}$`));
  });

  test('names the port on which the exporter listens', () => {
    expect(exporter.ports).toEqual([
      { name: 'metrics', containerPort: optionsOf(exporter)['web.listen-address'].port },
    ]);
  });

  test('asks for health and readiness where the exporter tells them', () => {
    expect(exporter.livenessProbe.httpGet).toEqual({ path: '/-/healthy', port: 'metrics' });
    expect(exporter.readinessProbe.httpGet).toEqual({ path: '/-/ready', port: 'metrics' });
  });

  test('gives the container no right but those that it needs', () => {
    expect(exporter.securityContext).toEqual({
      runAsUser: 0,
      runAsGroup: 0,
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
      seccompProfile: { type: 'RuntimeDefault' },
    });
    expect(Object.keys(pod)).not.toEqual(expect.arrayContaining(['hostNetwork']));
    expect(Object.keys(pod)).not.toEqual(expect.arrayContaining(['hostIPC']));
  });

  test('sees the processes of the host, whose pids the driver tells', () => {
    expect(pod.hostPID).toBe(true);
  });

  // https://github.com/NVIDIA/nvidia-container-toolkit ends the start with "cannot set MIG_MONITOR_DEVICES in non privileged container".
  test('asks the NVIDIA runtime for all GPUs and for nothing that takes privileges', () => {
    const nvidia = exporter.env.filter(({ name }) => name.startsWith('NVIDIA_'));
    expect(nvidia).toEqual([
      { name: 'NVIDIA_VISIBLE_DEVICES', value: 'all' },
      { name: 'NVIDIA_DRIVER_CAPABILITIES', value: 'utility' },
    ]);
  });

  test('mounts the folder of the kubelet socket, not the socket, which is made anew', () => {
    const folder = dirname(optionsOf(exporter)['kubernetes.pod-resources-socket']);
    expect(mountOf(folder)).toEqual({ readOnly: true, on: { path: folder, type: 'Directory' } });
  });

  test('mounts the folder of pod logs for reading', () => {
    const folder = optionsOf(exporter)['kubernetes.pod-logs-path'];
    expect(mountOf(folder)).toEqual({ readOnly: true, on: { path: folder, type: 'Directory' } });
  });

  test('keeps its state file on the node, in the only folder that it may write', () => {
    const file = optionsOf(exporter)['attribution.state-file'] ?? '';
    expect(mountOf(file)).toEqual({ readOnly: undefined, on: { path: dirname(file), type: 'DirectoryOrCreate' } });
    expect(exporter.volumeMounts.filter(({ readOnly }) => readOnly !== true)).toHaveLength(1);
  });

  test('has a memory limit far above what was measured, and none for CPU', () => {
    expect(exporter.resources).toEqual({
      requests: { cpu: '50m', memory: '96Mi' },
      limits: { memory: '256Mi' },
    });
  });

  test('stays on nodes that are tainted, and has time to end its driver process', () => {
    expect(pod.tolerations).toEqual([{ operator: 'Exists' }]);
    expect(pod.terminationGracePeriodSeconds).toBeGreaterThanOrEqual(10);
  });

  test('selects its own pods', () => {
    expect(daemonSet.spec.template.metadata.labels).toMatchObject(daemonSet.spec.selector.matchLabels);
  });

  test('runs in the namespace and under the account of the file', () => {
    const { name } = objectOf('gpu-exporter.yaml', 'ServiceAccount').metadata;
    expect(pod.serviceAccountName).toBe(name);
    expect(daemonSet.metadata.namespace).toBe(objectOf('gpu-exporter.yaml', 'Namespace').metadata.name);
  });
});

describe('the PodMonitor', () => {
  test('finds the pods of the DaemonSet by label, namespace and port', () => {
    expect(podMonitor.metadata.namespace).toBe(daemonSet.metadata.namespace);
    expect(daemonSet.spec.template.metadata.labels).toMatchObject(podMonitor.spec.selector.matchLabels);
    expect(exporter.ports.map(({ name }) => name)).toContain(endpoint?.port);
    expect(endpoint?.path).toBe(optionsOf(exporter)['web.telemetry-path']);
  });

  test('gives the job the name that rules and boards ask for, and the node its label', () => {
    const { job_name } = gpuScrapeJob({});
    expect(endpoint?.relabelings).toContainEqual({ targetLabel: 'job', replacement: job_name });
    for (const targetLabel of ['node', 'instance']) {
      expect(endpoint?.relabelings).toContainEqual({ sourceLabels: ['__meta_kubernetes_pod_node_name'], targetLabel });
    }
  });

  test('drops the labels of the own pod that series use for the pods on the GPU', () => {
    const last = endpoint?.relabelings.at(-1);
    expect(last?.action).toBe('labeldrop');
    const dropped = new RegExp(`^(?:${last?.regex})$`);
    const labels = ['namespace', 'pod', 'container'] as const;
    expect(gpu.gpu_pod_info.labels).toEqual(expect.arrayContaining([...labels]));
    expect(labels.filter((label) => !dropped.test(label))).toEqual([]);
    expect(['job', 'node', 'instance', 'cluster', '__address__'].filter((label) => dropped.test(label))).toEqual([]);
  });
});

describe('the pod list', () => {
  test('lets the account of the DaemonSet list pods, and no more', () => {
    expect(objectOf('gpu-exporter-pod-list.yaml', 'ClusterRole')).toMatchObject({
      rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['list'] }],
    });
    expect(objectOf('gpu-exporter-pod-list.yaml', 'ClusterRoleBinding')).toMatchObject({
      roleRef: { kind: 'ClusterRole', name: objectOf('gpu-exporter-pod-list.yaml', 'ClusterRole').metadata.name },
      subjects: [{ kind: 'ServiceAccount', name: pod.serviceAccountName, namespace: daemonSet.metadata.namespace }],
    });
  });

  test('the options that the guide adds for it exist, and its address can be used', () => {
    const options = optionsOf({ args: ['gpu', ...argumentsIn('--kubernetes.pod-list-url')] });
    expect(options['kubernetes.pod-labels']).not.toEqual([]);
    const podList = createPodList({
      url: options['kubernetes.pod-list-url'] ?? '',
      tokenFile: options['kubernetes.pod-list-token-file'],
      caFile: options['kubernetes.pod-list-ca-file'],
      labels: options['kubernetes.pod-labels'],
      timeoutSeconds: 1,
    });
    expect(podList).toBeDefined();
    const variables = [...(options['kubernetes.pod-list-url'] ?? '').matchAll(/\$\((\w+)\)/g)].map(([, name]) => name);
    expect(variables).toEqual(['NODE_NAME']);
    expect(exporter.env.map(({ name }) => name)).toEqual(expect.arrayContaining(variables));
  });
});

test('the options that the guide adds for the kernel log exist, and name a file in the folder that it mounts', () => {
  const path = optionsOf({ args: ['gpu', ...argumentsIn('--xid.kernel-log')] })['xid.kernel-log'];
  expect(dirname(path)).toBe('/var/log/host');
  expect(codeBlocks(guide, 'yaml').some((block) => block.includes('mountPath: /var/log/host'))).toBe(true);
});

/** The list items that are options, of the YAML block of the guide that has this one. */
function argumentsIn(option: string): readonly string[] {
  const block = codeBlocks(guide, 'yaml').find((text) => text.includes(`- ${option}=`)) ?? '';
  return [...block.matchAll(/^\s*- (--\S+)$/gm)].map(([, argument = '']) => argument);
}
