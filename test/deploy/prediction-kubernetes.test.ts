import { dirname } from 'node:path';
import { gpuSpec } from '../../exporters/prediction/features/gpu-spec.ts';
import { nodeSpec } from '../../exporters/prediction/features/node-spec.ts';
import { predictionOptions } from '../../exporters/prediction/options.ts';
import { readPredictionFile } from '../../exporters/prediction/prediction-file/prediction-file.ts';
import { defaultBackfillSettings } from '../../exporters/prediction/sources/prometheus/backfill-settings.ts';
import { parseRoleTokens } from '../../kit/api/role-tokens.ts';
import { parseOptions } from '../../kit/options/parse.ts';
import { version } from '../../kit/version.ts';
import { type KubernetesObject, objectOf, objectsIn, type PodMonitor, schemaComplaints } from './manifests.ts';
import type { Workload } from './workload.ts';

interface Requesting {
  readonly spec: { readonly resources: { readonly requests: Readonly<Record<string, string>> } };
}

const dayMs = 86_400_000;
/** Of the state of anomaly detection with 10,000 GPUs, as docs/guides/prediction-anomalies.md measures it. */
const anomalyBytes = 570e6;

const files = ['prediction.yaml', 'prediction-podmonitor.yaml'];
const deployment = objectOf<Workload>('prediction.yaml', 'Deployment');
const [container] = deployment.spec.template.spec.containers;
const configMap = objectOf<KubernetesObject & { readonly data: Readonly<Record<string, string>> }>(
  'prediction.yaml',
  'ConfigMap',
);
const secret = objectOf<KubernetesObject & { readonly stringData: Readonly<Record<string, string>> }>(
  'prediction.yaml',
  'Secret',
);
const podMonitor = objectOf<PodMonitor>('prediction-podmonitor.yaml', 'PodMonitor');
const [command, ...argv] = container.args;
const options = parseOptions(predictionOptions, { argv, env: {}, readFile: () => '' });

test.each(files)('the schemas of Kubernetes and of the operator accept every object of %s', (file) => {
  const objects = objectsIn(file);
  expect(schemaComplaints(objects)).toEqual(objects.map(() => null));
});

test('it is the daemon of this version, with the port that it listens on', () => {
  expect(command).toBe('prediction');
  expect(container.image).toMatch(new RegExp(`/fleetlens:${version.replaceAll('.', '\\.')}$`));
  expect(container.ports.map(({ containerPort }) => containerPort)).toEqual([options['web.listen-address'].port]);
});

test('it finds its files where they are mounted, and they are taken', () => {
  const mount = container.volumeMounts.find(({ name }) => name === 'config');
  expect([options['prediction.file'], options['api.tokens-file']].map((file) => dirname(file ?? ''))).toEqual([
    mount?.mountPath,
    mount?.mountPath,
  ]);
  const { sources } = readPredictionFile('prediction.yaml', () => configMap.data['prediction.yaml'] ?? '');
  expect(sources.map(({ name, cluster }) => [name, cluster])).toEqual([['main', 'my-cluster']]);
  expect(parseRoleTokens('tokens', secret.stringData['tokens'] ?? '')).toHaveLength(1);
});

test('one process at a time has the folder, on a claim that it may write', () => {
  expect(deployment.spec.replicas).toBe(1);
  expect(deployment.spec.strategy).toEqual({ type: 'Recreate' });
  const written = container.volumeMounts.filter(({ readOnly }) => readOnly !== true);
  expect(written.map(({ mountPath }) => options['prediction.folder'].startsWith(`${mountPath}/`))).toEqual([true]);
  const volume = deployment.spec.template.spec.volumes.find(({ name }) => name === written[0]?.name);
  expect(volume?.persistentVolumeClaim).toBeDefined();
  const claim = objectOf<KubernetesObject & { readonly spec: { readonly accessModes: readonly string[] } }>(
    'prediction.yaml',
    'PersistentVolumeClaim',
  );
  expect(claim.spec.accessModes).toEqual(['ReadWriteOncePod']);
});

test('a year of 10,000 GPUs has room', () => {
  const claim = objectOf<KubernetesObject & Requesting>('prediction.yaml', 'PersistentVolumeClaim').spec;
  const cells = 10_000 * gpuSpec.features.length + 1250 * nodeSpec.features.length;
  const featureBytes = 4 * cells * (dayMs / defaultBackfillSettings.everyMs) * 365;
  expect(bytesOf(claim.resources.requests['storage'])).toBeGreaterThan(featureBytes + 2 * anomalyBytes);
  const { requests, limits } = container.resources;
  expect(bytesOf(requests['memory'])).toBeGreaterThan(2 * anomalyBytes);
  expect(bytesOf(limits['memory'])).toBeGreaterThanOrEqual(bytesOf(requests['memory']));
});

function bytesOf(quantity = ''): number {
  const [, count = '', unit = ''] = /^(\d+)(Mi|Gi)$/.exec(quantity) ?? [];
  return Number(count) * (unit === 'Gi' ? 2 ** 30 : 2 ** 20);
}

test('it is started, restarted and asked by its own health', () => {
  const paths = [container.startupProbe, container.livenessProbe, container.readinessProbe].map(
    ({ httpGet }) => httpGet,
  );
  expect(paths).toEqual([
    { path: '/-/healthy', port: 'fleetlens' },
    { path: '/-/healthy', port: 'fleetlens' },
    { path: '/-/ready', port: 'fleetlens' },
  ]);
});

test('it has no account of Kubernetes, and nobody reads without a token', () => {
  expect(deployment.spec.template.spec.automountServiceAccountToken).toBe(false);
  expect(options['api.read']).toBe('token');
});

test('it has no more rights on its node than it must', () => {
  expect(container.securityContext).toMatchObject({
    runAsNonRoot: true,
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ['ALL'] },
  });
});

test('the PodMonitor finds it', () => {
  const [endpoint] = podMonitor.spec.podMetricsEndpoints;
  expect(deployment.spec.template.metadata.labels).toMatchObject(podMonitor.spec.selector.matchLabels);
  expect(container.ports.map(({ name }) => name)).toContain(endpoint?.port);
});
