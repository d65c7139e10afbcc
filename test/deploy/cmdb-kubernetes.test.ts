import { dirname } from 'node:path';
import { cmdbScrapeJob } from '../../cli/generate/scrape-config.ts';
import { readCmdbFile } from '../../exporters/cmdb/cmdb-file/cmdb-file.ts';
import { cmdbOptions } from '../../exporters/cmdb/options.ts';
import { sourceTypes } from '../../exporters/cmdb/sources/index.ts';
import { parseRoleTokens } from '../../kit/api/role-tokens.ts';
import { parseOptions } from '../../kit/options/parse.ts';
import { version } from '../../kit/version.ts';
import { type KubernetesObject, objectOf, objectsIn, type PodMonitor, schemaComplaints } from './manifests.ts';

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

interface Endpoint {
  readonly port: string;
  readonly honorLabels: boolean;
  readonly relabelings: readonly Readonly<
    Partial<Record<'action' | 'regex' | 'targetLabel' | 'replacement', string>>
  >[];
}

const files = ['cmdb.yaml', 'cmdb-rbac.yaml', 'cmdb-podmonitor.yaml'];
const deployment = objectOf<Workload>('cmdb.yaml', 'Deployment');
const [container] = deployment.spec.template.spec.containers;
const configMap = objectOf<KubernetesObject & { readonly data: Readonly<Record<string, string>> }>(
  'cmdb.yaml',
  'ConfigMap',
);
const secret = objectOf<KubernetesObject & { readonly stringData: Readonly<Record<string, string>> }>(
  'cmdb.yaml',
  'Secret',
);
const podMonitor = objectOf<PodMonitor>('cmdb-podmonitor.yaml', 'PodMonitor');
const [command, ...argv] = container.args;
const options = parseOptions(cmdbOptions, { argv, env: {}, readFile: () => '' });

test.each(files)('the schemas of Kubernetes and of the operator accept every object of %s', (file) => {
  const objects = objectsIn(file);
  expect(schemaComplaints(objects)).toEqual(objects.map(() => null));
});

test('it is the daemon of this version, with the port that it listens on', () => {
  expect(command).toBe('cmdb');
  expect(container.image).toMatch(new RegExp(`/fleetlens:${version.replaceAll('.', '\\.')}$`));
  expect(container.ports.map(({ containerPort }) => containerPort)).toEqual([options['web.listen-address'].port]);
});

test('it finds its files where they are mounted, and they are taken', () => {
  const mount = container.volumeMounts.find(({ name }) => name === 'config');
  expect([options['cmdb.file'], options['api.tokens-file']].map((file) => dirname(file ?? ''))).toEqual([
    mount?.mountPath,
    mount?.mountPath,
  ]);
  const env = { KUBERNETES_SERVICE_HOST: '10.96.0.1', KUBERNETES_SERVICE_PORT: '443' };
  const readFile = (path: string) => (path === 'cmdb.yaml' ? (configMap.data['cmdb.yaml'] ?? '') : 'token');
  const { sources } = readCmdbFile('cmdb.yaml', sourceTypes(env), { readFile });
  expect(sources.map(({ type }) => type)).toEqual(['kubernetes', 'prometheus']);
  expect(parseRoleTokens('tokens', secret.stringData['tokens'] ?? '')).toHaveLength(1);
});

test('one process at a time has the embedded database, on a claim that it may write', () => {
  expect(deployment.spec.replicas).toBe(1);
  expect(deployment.spec.strategy).toEqual({ type: 'Recreate' });
  const written = container.volumeMounts.filter(({ readOnly }) => readOnly !== true);
  expect(written.map(({ mountPath }) => options['store.folder'].startsWith(`${mountPath}/`))).toEqual([true]);
  const volume = deployment.spec.template.spec.volumes.find(({ name }) => name === written[0]?.name);
  expect(volume?.persistentVolumeClaim).toBeDefined();
  const claim = objectOf<KubernetesObject & { readonly spec: { readonly accessModes: readonly string[] } }>(
    'cmdb.yaml',
    'PersistentVolumeClaim',
  );
  expect(claim.spec.accessModes).toEqual(['ReadWriteOncePod']);
});

test('it asks Kubernetes as the account that has the rights', () => {
  const account = objectOf('cmdb-rbac.yaml', 'ServiceAccount');
  const { serviceAccountName, automountServiceAccountToken } = deployment.spec.template.spec;
  expect([serviceAccountName, automountServiceAccountToken]).toEqual([account.metadata.name, true]);
  expect(deployment.metadata.namespace).toBe(account.metadata.namespace);
});

test('it has no more rights on its node than it must', () => {
  expect(container.securityContext).toMatchObject({
    runAsNonRoot: true,
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ['ALL'] },
  });
});

test('the PodMonitor finds it, believes its labels, and puts none of its own beside them', () => {
  const [endpoint]: readonly [Endpoint] = JSON.parse(JSON.stringify(podMonitor.spec.podMetricsEndpoints));
  expect(deployment.spec.template.metadata.labels).toMatchObject(podMonitor.spec.selector.matchLabels);
  expect(container.ports.map(({ name }) => name)).toContain(endpoint.port);
  const job = cmdbScrapeJob({});
  expect([endpoint.honorLabels, job['honor_labels']]).toEqual([true, true]);
  expect(endpoint.relabelings.find(({ targetLabel }) => targetLabel === 'job')?.replacement).toBe(job.job_name);
  for (const label of ['node', 'pod', 'namespace', 'container', 'endpoint']) {
    const dropped = endpoint.relabelings.find(({ action }) => action === 'labeldrop')?.regex ?? '';
    expect(dropped.split('|')).toContain(label);
  }
});
