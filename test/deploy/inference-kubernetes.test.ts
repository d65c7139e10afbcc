import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { scrapedEngines } from '../../cli/generate/engine-jobs.ts';
import { engineLabel } from '../../cli/generate/engine-monitors.ts';
import { parseGateway } from '../../exporters/inference/gateway/gateway-file.ts';
import { parseKeys } from '../../exporters/inference/gateway/key-file.ts';
import { inferenceDaemon } from '../../exporters/inference/main.ts';
import { inferenceOptions } from '../../exporters/inference/options.ts';
import { checkConfiguration } from '../../kit/daemon.ts';
import { version } from '../../kit/version.ts';
import {
  argvOf,
  containerOf,
  gateway,
  mountedFiles,
  optionsOf,
  portOf,
  reader,
  type Secret,
  type ServingContainer,
  sidecar,
} from './inference-manifests.ts';
import { objectOf, objectsIn, type PodMonitor, root, schemaComplaints } from './manifests.ts';

/** How long the daemon gives a slow disk to take its state file. */
const slowestDiskSeconds = 10;

const files = readdirSync(join(root, 'deploy', 'kubernetes')).filter((name) => /^inference-.*\.yaml$/.test(name));
const secret = objectOf<Secret>('inference-gateway.yaml', 'Secret');
const vllm = containerOf(sidecar.deployment, 'vllm');
const podMonitor = objectOf<PodMonitor>('inference-podmonitor.yaml', 'PodMonitor');

function secondsBeforeStop({ lifecycle }: ServingContainer): number {
  const [program, seconds = '0'] = lifecycle?.preStop.exec.command ?? ['sleep'];
  expect(program).toBe('sleep');
  return Number(seconds);
}

function mebibytes(quantity: string): number {
  const [, amount = '', unit = ''] = /^(\d+)([MG])i$/.exec(quantity) ?? [];
  return Number(amount) * (unit === 'G' ? 1024 : 1);
}

test('there are manifests to check', () => {
  expect(files).toEqual(['inference-gateway.yaml', 'inference-podmonitor.yaml', 'inference-sidecar.yaml']);
});

test.each(files)('the schemas of Kubernetes and of the operator accept every object of %s', (file) => {
  const objects = objectsIn(file);
  expect(schemaComplaints(objects)).toEqual(objects.map(() => null));
});

test('the schemas in use do refuse a broken ConfigMap, claim and Service', () => {
  const broken = [
    { ...gateway.configMap, data: { 'proxy.yaml': 1 } },
    { ...objectOf('inference-gateway.yaml', 'PersistentVolumeClaim'), spec: { accessModes: 'ReadWriteOnce' } },
    { ...gateway.service, spec: { ports: [{ port: 'http' }] } },
  ];
  expect(schemaComplaints(broken)).toEqual(broken.map(() => expect.any(String)));
});

test('no object is named twice, and those of one file are in one namespace', () => {
  const all = [gateway, sidecar].flatMap(({ file }) => objectsIn(file));
  const names = all.map(({ kind, metadata }) => `${kind} ${metadata.namespace}/${metadata.name}`);
  expect(new Set(names).size).toBe(names.length);
  for (const { file } of [gateway, sidecar])
    expect(new Set(objectsIn(file).map(({ metadata }) => metadata.namespace)).size).toBe(1);
});

describe.each([
  ['the gateway', gateway],
  ['the sidecar', sidecar],
] as const)('%s', (_name, parts) => {
  const { container, deployment, pod, service } = parts;

  test('has the version of this package in its image', () => {
    expect(container.image).toMatch(new RegExp(`/fleetlens:${version.replaceAll('.', '\\.')}$`));
  });

  test('has the ports of its options, and is reached by clients of other machines', () => {
    const options = optionsOf(container);
    expect(options['proxy.listen-address']).toEqual({ host: undefined, port: portOf(container, 'clients') });
    expect(options['web.listen-address']).toEqual({ host: undefined, port: portOf(container, 'fleetlens') });
    expect(container.ports).toHaveLength(2);
  });

  test('gets the requests to its Service, and nothing else of the pod does', () => {
    expect(service.metadata.namespace).toBe(deployment.metadata.namespace);
    expect(deployment.spec.template.metadata.labels).toMatchObject(service.spec.selector);
    expect(deployment.spec.template.metadata.labels).toMatchObject(deployment.spec.selector.matchLabels);
    const [port, ...more] = service.spec.ports;
    expect(more).toEqual([]);
    const having = pod.containers.filter(({ ports }) => ports.some(({ name }) => name === port?.targetPort));
    expect(having.map(({ name }) => name)).toEqual([container.name]);
    expect(portOf(container, port?.targetPort ?? '')).toBe(optionsOf(container)['proxy.listen-address'].port);
  });

  test('finds the files that its options name, and the daemon accepts all of them', () => {
    const sources = { argv: argvOf(container), env: {}, readFile: reader(mountedFiles(parts)) };
    expect(() => checkConfiguration(inferenceDaemon, sources)).not.toThrow();
    expect(() => checkConfiguration(inferenceDaemon, { ...sources, readFile: reader(new Map()) })).toThrow(
      '--proxy.file cannot be read',
    );
  });

  test('sees a change of these files, which a mount by subPath would hide', () => {
    const folder = dirname(optionsOf(container)['proxy.file'] ?? '');
    const [mount, ...more] = container.volumeMounts.filter(({ mountPath }) => mountPath === folder);
    expect(more).toEqual([]);
    expect(mount?.subPath).toBeUndefined();
  });

  test('reads and writes no more than it must', () => {
    expect(pod.automountServiceAccountToken).toBe(false);
    expect(container.securityContext).toMatchObject({
      runAsNonRoot: true,
      runAsUser: 1000,
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
      seccompProfile: { type: 'RuntimeDefault' },
    });
    const written = container.volumeMounts.filter(({ readOnly }) => readOnly !== true);
    const state = optionsOf(container)['proxy.state-file'];
    expect(written.map(({ mountPath }) => mountPath)).toEqual(state === undefined ? [] : [dirname(state)]);
  });

  // 1278 MiB were measured at 512 MiB of bodies, and 455 at 128.
  test('has memory for the bodies that it may hold, which also get copied and read', () => {
    const limit = mebibytes(container.resources.limits.memory);
    expect(limit).toBeGreaterThanOrEqual(3 * optionsOf(container)['proxy.max-buffered-mib'] + 256);
  });

  test('is not killed while answers are under way, nor before the use of budgets is saved', () => {
    const options = optionsOf(container);
    const saving = options['proxy.state-file'] === undefined ? 0 : slowestDiskSeconds;
    const needed = secondsBeforeStop(container) + options['proxy.drain-timeout'] + saving;
    expect(pod.terminationGracePeriodSeconds).toBeGreaterThan(needed);
  });
});

describe('the gateway', () => {
  const options = optionsOf(gateway.container);

  test('is one proxy, since two would allow twice the limits, and one pod at a time has the claim', () => {
    expect(gateway.deployment.spec.replicas).toBe(1);
    expect(gateway.deployment.spec.strategy).toEqual({ type: 'Recreate' });
  });

  test('stands in front of two servers, and is reached on port 80', () => {
    const { upstreams } = parseGateway('', gateway.configMap.data['proxy.yaml'] ?? '', []);
    expect(upstreams.map(({ kind }) => kind)).toEqual(['vllm', 'vllm']);
    expect(gateway.service.spec.ports.map(({ port }) => port)).toEqual([80]);
  });

  test('has keys of tenants that have limits', () => {
    const keys = parseKeys('keys', secret.stringData['keys'] ?? '');
    const { tenants } = parseGateway('', gateway.configMap.data['proxy.yaml'] ?? '', []);
    expect(keys.size).toBeGreaterThan(0);
    expect([...keys.values()].filter((tenant) => !tenants.has(tenant))).toEqual([]);
  });

  test('has no key in the repository that opens it', () => {
    // Counted up, so nobody has hashed anything to get it.
    expect([...parseKeys('keys', secret.stringData['keys'] ?? '').keys()]).toEqual(['0123456789abcdef'.repeat(4)]);
  });

  test('keeps the use of budgets in a claim that its group may write', () => {
    const claim = objectOf('inference-gateway.yaml', 'PersistentVolumeClaim');
    const folder = dirname(options['proxy.state-file'] ?? '');
    const mount = gateway.container.volumeMounts.find(({ mountPath }) => mountPath === folder);
    const volume = gateway.pod.volumes.find(({ name }) => name === mount?.name);
    expect(volume?.persistentVolumeClaim).toEqual({ claimName: claim.metadata.name });
    expect(gateway.pod.securityContext?.fsGroup).toBe(gateway.container.securityContext['runAsGroup']);
  });

  test('has a service account without rights', () => {
    const account = objectOf('inference-gateway.yaml', 'ServiceAccount');
    expect(gateway.pod.serviceAccountName).toBe(account.metadata.name);
    expect(objectsIn('inference-gateway.yaml').filter(({ kind }) => /Role/.test(kind))).toEqual([]);
  });
});

describe('the sidecar', () => {
  test('passes on to the server in its own pod', () => {
    const { upstreams } = parseGateway('', sidecar.configMap.data['proxy.yaml'] ?? '', []);
    expect(upstreams.map(({ url, kind }) => [url.href, kind])).toEqual([['http://127.0.0.1:8000/', 'vllm']]);
    expect(vllm.ports.map(({ containerPort }) => containerPort)).toEqual([8000]);
    expect(vllm.args).toContain('--port=8000');
    expect(vllm.readinessProbe.httpGet).toEqual({ path: upstreams[0]?.healthPath, port: 'engine' });
  });

  test('takes the port that clients of the server use', () => {
    expect(sidecar.service.spec.ports.map(({ port }) => port)).toEqual([portOf(vllm, 'engine')]);
  });

  test('has drained before the server ends', () => {
    const drained = secondsBeforeStop(sidecar.container) + optionsOf(sidecar.container)['proxy.drain-timeout'];
    expect(secondsBeforeStop(vllm)).toBeGreaterThan(drained);
    expect(sidecar.pod.terminationGracePeriodSeconds).toBeGreaterThan(secondsBeforeStop(vllm));
  });

  test('leaves the metrics of the engine where its PodMonitor looks for them', () => {
    const id = sidecar.deployment.spec.template.metadata.labels[engineLabel];
    const scraped = scrapedEngines.find((each) => each.id === id);
    expect(scraped?.engine.port).toBe(portOf(vllm, 'engine'));
  });
});

describe('the PodMonitor', () => {
  test.each([gateway, sidecar])('finds the pods of $file by label, and one port of each', ({ deployment, pod }) => {
    expect(deployment.spec.template.metadata.labels).toMatchObject(podMonitor.spec.selector.matchLabels);
    const [endpoint, ...more] = podMonitor.spec.podMetricsEndpoints;
    expect(more).toEqual([]);
    const ports = pod.containers.flatMap((container) => container.ports);
    expect(ports.filter(({ name }) => name === endpoint?.port).map(({ containerPort }) => containerPort)).toEqual(
      [inferenceOptions.options['web.listen-address'].default.slice(1)].map(Number),
    );
  });
});
