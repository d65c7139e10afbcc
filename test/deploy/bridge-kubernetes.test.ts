import { dirname } from 'node:path';
import { channelKinds } from '../../alertmanager/bridge/channels/index.ts';
import { readBridgeFile } from '../../alertmanager/bridge/config/bridge-file.ts';
import { bridgeOptions } from '../../alertmanager/bridge/options.ts';
import { bridgeScrapeJob } from '../../cli/generate/scrape-config.ts';
import { parseOptions } from '../../kit/options/parse.ts';
import { version } from '../../kit/version.ts';
import {
  type KubernetesObject,
  objectOf,
  objectsIn,
  type PodMonitor,
  readDeployFile,
  schemaComplaints,
} from './manifests.ts';
import type { Workload } from './workload.ts';

interface Sources {
  readonly projected?: { readonly sources: readonly object[] };
  readonly emptyDir?: { readonly sizeLimit: string };
}

const deployment = objectOf<Workload>('bridge.yaml', 'Deployment');
const pod = deployment.spec.template.spec;
const [container] = pod.containers;
const [command, ...argv] = container.args;
const options = parseOptions(bridgeOptions, { argv, env: {}, readFile: () => '' });
const { data } = objectOf<KubernetesObject & { readonly data: Readonly<Record<string, string>> }>(
  'bridge.yaml',
  'ConfigMap',
);
const mountOf = (name: string) => container.volumeMounts.find((mount) => mount.name === name);

function volumeOf(name: string): Sources {
  const volumes: readonly (Sources & { readonly name: string })[] = pod.volumes;
  return volumes.find((volume) => volume.name === name) ?? {};
}

/** Files of the secret that the first lines of the manifest make. */
const made = [...readDeployFile('kubernetes/bridge.yaml').matchAll(/--from-file=([\w-]+)/g)].map(([, name]) => name);

/** What stands in the folder of the pod. */
function readFile(path: string): string {
  const folder = `${mountOf('config')?.mountPath}/`;
  const name = path.startsWith(folder) ? path.slice(folder.length) : '';
  const file = data[name] ?? (made.includes(name) ? 'https://robot.example.com/send\n' : undefined);
  if (file === undefined) throw new Error(`the pod has no ${path}`);
  return file;
}

test.each(['bridge.yaml', 'bridge-podmonitor.yaml'])(
  'the schemas of Kubernetes and of the operator accept every object of %s',
  (file) => {
    const objects = objectsIn(file);
    expect(objects.length).toBeGreaterThan(0);
    expect(schemaComplaints(objects)).toEqual(objects.map(() => null));
  },
);

test('it is the daemon of this version, with the port that it listens on', () => {
  expect(command).toBe('bridge');
  expect(container.image).toMatch(new RegExp(`/fleetlens:${version.replaceAll('.', '\\.')}$`));
  expect(container.ports.map(({ containerPort }) => containerPort)).toEqual([options['web.listen-address'].port]);
});

test('its file and every secret in it are where they are mounted, and no secret is made that nothing reads', () => {
  const read = new Set<string>();
  const config = readBridgeFile(options['bridge.file'], {
    channelKinds,
    readFile: (path) => {
      read.add(path);
      return readFile(path);
    },
  });
  expect([...config.robots.keys()]).toEqual(['sre']);
  expect(() => readFile(options['notify.token-file'] ?? '')).not.toThrow();
  const secrets = [...read, options['notify.token-file']].filter((path) => path !== options['bridge.file']);
  expect(secrets.map((path = '') => path.slice(path.lastIndexOf('/') + 1)).sort()).toEqual([...made].sort());
  const name = deployment.metadata.name;
  expect(volumeOf('config').projected?.sources).toEqual([{ configMap: { name } }, { secret: { name } }]);
});

test('nobody sends to it without a token, and the file ships none', () => {
  expect(options['notify.token-file']).toBeDefined();
  expect(objectsIn('bridge.yaml').map(({ kind }) => kind)).toEqual(['ConfigMap', 'Deployment', 'Service']);
});

test('one process at a time counts what a robot takes', () => {
  expect([deployment.spec.replicas, deployment.spec.strategy]).toEqual([1, { type: 'Recreate' }]);
});

test('dead letters have room for the file and the one before it, and wait for no volume', () => {
  const { deadLetter } = readBridgeFile(options['bridge.file'], { channelKinds, readFile });
  expect(dirname(deadLetter?.file ?? '')).toBe(mountOf('state')?.mountPath);
  const mebibytes = Number(/^(\d+)Mi$/.exec(volumeOf('state').emptyDir?.sizeLimit ?? '')?.[1]);
  expect(mebibytes * 2 ** 20).toBeGreaterThan(2 * (deadLetter?.maxBytes ?? Number.POSITIVE_INFINITY));
  expect(container.volumeMounts.filter(({ readOnly }) => readOnly !== true)).toEqual([mountOf('state')]);
});

test('it is started, restarted and asked by its own health', () => {
  const probes = [container.startupProbe, container.livenessProbe, container.readinessProbe];
  expect(probes.map(({ httpGet }) => httpGet)).toEqual([
    { path: '/-/healthy', port: 'fleetlens' },
    { path: '/-/healthy', port: 'fleetlens' },
    { path: '/-/ready', port: 'fleetlens' },
  ]);
});

test('it has no more rights than it must', () => {
  expect(pod.automountServiceAccountToken).toBe(false);
  expect(container.securityContext).toMatchObject({
    runAsNonRoot: true,
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ['ALL'] },
  });
});

test('the Service and the PodMonitor find it, and its series are of the job that alerts ask for', () => {
  const { labels } = deployment.spec.template.metadata;
  const { spec } = objectOf<
    KubernetesObject & {
      readonly spec: {
        readonly selector: Readonly<Record<string, string>>;
        readonly ports: readonly { readonly port: number; readonly targetPort: string }[];
      };
    }
  >('bridge.yaml', 'Service');
  expect(labels).toMatchObject(spec.selector);
  expect(spec.ports).toMatchObject([{ port: options['web.listen-address'].port, targetPort: 'fleetlens' }]);
  const podMonitor = objectOf<PodMonitor>('bridge-podmonitor.yaml', 'PodMonitor');
  const [endpoint] = podMonitor.spec.podMetricsEndpoints;
  expect(labels).toMatchObject(podMonitor.spec.selector.matchLabels);
  expect(endpoint).toMatchObject({ port: 'fleetlens', path: options['web.telemetry-path'] });
  const named = endpoint?.relabelings.find(({ targetLabel }) => targetLabel === 'job');
  expect(named?.replacement).toBe(bridgeScrapeJob({}).job_name);
  const dropped = endpoint?.relabelings.find(({ action }) => action === 'labeldrop')?.regex ?? '';
  expect(dropped.split('|').sort()).toEqual(['container', 'endpoint', 'namespace', 'node', 'pod']);
});
