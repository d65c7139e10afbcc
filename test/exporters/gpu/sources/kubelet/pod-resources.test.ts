import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PodResources } from '../../../../../exporters/gpu/attribution/inputs.ts';
import {
  createPodResources,
  type PodResourcesOptions,
} from '../../../../../exporters/gpu/sources/kubelet/pod-resources.ts';
import { eventually } from '../../../../support/eventually.ts';
import {
  type FakeContainer,
  type FakeKubelet,
  type FakePod,
  startFakeKubelet,
} from '../../../../support/fake-kubelet.ts';

const wanted = ['nvidia.com/gpu', 'nvidia.com/gpu.shared', 'nvidia.com/mig-*', 'gpu.nvidia.com'];
const uuid = 'GPU-2f4a6f1e-0c53-4c3a-9d5b-0123456789ab';

let folder = '';
let socket = '';
let kubelet: FakeKubelet;
let sources: PodResources[] = [];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'kubelet-'));
  socket = join(folder, 'kubelet.sock');
  kubelet = await startFakeKubelet(socket);
});

afterEach(async () => {
  for (const source of sources) source.close();
  sources = [];
  await kubelet.stop();
  rmSync(folder, { recursive: true });
});

function open(options: Partial<PodResourcesOptions> = {}): PodResources {
  const source = createPodResources({ socket, resources: wanted, timeoutSeconds: 10, ...options });
  sources.push(source);
  return source;
}

function pod(name: string, container: Partial<FakeContainer>): FakePod {
  return { namespace: 'ml', name, containers: [{ name: 'main', ...container }] };
}

function podWithGpu(name: string, ids: readonly string[] = [uuid]): FakePod {
  return pod(name, { devices: [{ resource: 'nvidia.com/gpu', ids }] });
}

test('containers are listed with the devices that device plugins gave them, as those name them', async () => {
  kubelet.setPods([
    pod('whole', { cpus: [0, 300], devices: [{ resource: 'nvidia.com/gpu', ids: [uuid] }] }),
    pod('shared', { devices: [{ resource: 'nvidia.com/gpu.shared', ids: [`${uuid}::0`, `${uuid}::3`] }] }),
    pod('instance', { devices: [{ resource: 'nvidia.com/mig-1g.10gb', ids: ['MIG-7f0c'] }] }),
    pod('gke', { devices: [{ resource: 'nvidia.com/gpu', ids: ['nvidia0/gi1/vgpu2'] }] }),
  ]);
  const place = { namespace: 'ml', container: 'main' };
  expect(await open().list()).toEqual({
    containers: [
      { ...place, pod: 'whole', resource: 'nvidia.com/gpu', deviceIds: [uuid] },
      { ...place, pod: 'shared', resource: 'nvidia.com/gpu.shared', deviceIds: [`${uuid}::0`, `${uuid}::3`] },
      { ...place, pod: 'instance', resource: 'nvidia.com/mig-1g.10gb', deviceIds: ['MIG-7f0c'] },
      { ...place, pod: 'gke', resource: 'nvidia.com/gpu', deviceIds: ['nvidia0/gi1/vgpu2'] },
    ],
    bad: 0,
  });
});

test('devices of DRA claims are listed under the name of their driver', async () => {
  const claims = [
    { driver: 'gpu.nvidia.com', device: 'gpu-0' },
    { driver: 'gpu.nvidia.com', device: 'gpu-0-mig-9-4-1' },
    { driver: 'net.example.com', device: 'nic-0' },
    { driver: '', device: '' },
  ];
  kubelet.setPods([pod('claims', { claims })]);
  const { containers, bad } = await open().list();
  expect(containers.map(({ resource, deviceIds }) => [resource, deviceIds])).toEqual([
    ['gpu.nvidia.com', ['gpu-0', 'gpu-0-mig-9-4-1']],
  ]);
  expect(bad).toBe(0);
});

test('a container has one entry for a resource, and a device counts once however often it is named', async () => {
  const gpu = (id: string) => ({ resource: 'nvidia.com/gpu', ids: [id] });
  kubelet.setPods([pod('two', { devices: [gpu('GPU-a'), gpu('GPU-b'), gpu('GPU-a')] })]);
  expect((await open().list()).containers.map(({ deviceIds }) => deviceIds)).toEqual([['GPU-a', 'GPU-b']]);
});

test('pods and resources that are not wanted are left out and are no bad entries', async () => {
  kubelet.setPods([
    pod('nothing', {}),
    pod('other', { devices: [{ resource: 'example.com/fpga', ids: ['f0'] }] }),
    pod('almost', { devices: [{ resource: 'nvidia.com/gpux', ids: ['x'] }] }),
    podWithGpu('a'),
  ]);
  const { containers, bad } = await open().list();
  expect(containers.map((container) => container.pod)).toEqual(['a']);
  expect(bad).toBe(0);
});

test('what cannot be a name is counted and left out', async () => {
  const long = 'x'.repeat(254);
  kubelet.setPods([
    podWithGpu(long),
    podWithGpu(''),
    { ...podWithGpu('namespace'), namespace: 'a\nb' },
    podWithGpu('ids', ['x'.repeat(257), 'GPU-ü', uuid]),
    pod('container', { name: long, devices: [{ resource: 'nvidia.com/gpu', ids: [uuid] }] }),
    pod('resource', { devices: [{ resource: long, ids: [uuid] }] }),
  ]);
  const { containers, bad } = await open().list();
  expect(containers.map((container) => [container.pod, container.deviceIds])).toEqual([['ids', [uuid]]]);
  expect(bad).toBe(7);
});

test('changes show in the next list, and what stays is listed again', async () => {
  const source = open();
  const names = async () => (await source.list()).containers.map(({ pod, deviceIds }) => `${pod} ${deviceIds}`);
  kubelet.setPods([podWithGpu('a', ['GPU-1']), podWithGpu('b', ['GPU-2']), podWithGpu('c', ['GPU-3'])]);
  expect(await names()).toEqual(['a GPU-1', 'b GPU-2', 'c GPU-3']);
  kubelet.setPods([podWithGpu('c', ['GPU-3']), podWithGpu('a', ['GPU-9']), podWithGpu('d', ['GPU-2'])]);
  expect(await names()).toEqual(['c GPU-3', 'a GPU-9', 'd GPU-2']);
  expect(await names()).toEqual(['c GPU-3', 'a GPU-9', 'd GPU-2']);
});

test('a pod is not taken for another whose bytes have the same hash', async () => {
  const source = open();
  kubelet.setPods([podWithGpu('pod-Aa')]);
  expect((await source.list()).containers.map((container) => container.pod)).toEqual(['pod-Aa']);
  kubelet.setPods([podWithGpu('pod-BB')]);
  expect((await source.list()).containers.map((container) => container.pod)).toEqual(['pod-BB']);
});

test('10,000 pods are listed', async () => {
  kubelet.setPods(Array.from({ length: 10_000 }, (_, index) => podWithGpu(`worker-${index}`, [`GPU-${index}`])));
  const { containers, bad } = await open().list();
  expect(containers).toHaveLength(10_000);
  expect(containers[9_999]).toMatchObject({ pod: 'worker-9999', deviceIds: ['GPU-9999'] });
  expect(bad).toBe(0);
});

test('pods beyond 20,000 and devices beyond 10,000 of one pod are counted and left out', async () => {
  const ids = Array.from({ length: 10_003 }, (_, index) => `${uuid}::${index}`);
  const many = Array.from({ length: 20_001 }, (_, index) => podWithGpu(`worker-${index}`));
  kubelet.setPods([podWithGpu('replicas', ids), ...many]);
  const { containers, bad } = await open().list();
  expect(containers).toHaveLength(20_000);
  expect(containers[0]?.deviceIds).toHaveLength(10_000);
  expect(bad).toBe(3 + 2);
});

test('allocatable devices are counted by resource, each once', async () => {
  kubelet.setAllocatable([
    { resource: 'nvidia.com/gpu', ids: ['GPU-1'] },
    { resource: 'nvidia.com/gpu', ids: ['GPU-1'] },
    { resource: 'nvidia.com/gpu', ids: ['GPU-2'] },
    { resource: 'nvidia.com/mig-1g.10gb', ids: ['MIG-1', 'MIG-2', 'MIG-3'] },
    { resource: 'example.com/fpga', ids: ['f0'] },
  ]);
  expect([...(await open().allocatable())]).toEqual([
    ['nvidia.com/gpu', 2],
    ['nvidia.com/mig-1g.10gb', 3],
  ]);
});

test.each(['old', 'disabled'] as const)(
  'a kubelet that is %s for allocatable devices has none to tell',
  async (mode) => {
    kubelet.behave(mode);
    kubelet.setPods([podWithGpu('a')]);
    const source = open();
    expect((await source.allocatable()).size).toBe(0);
    expect((await source.list()).containers).toHaveLength(1);
    expect(kubelet.connections()).toBe(1);
  },
);

test('one connection serves all calls', async () => {
  const source = open();
  await source.list();
  await Promise.all([source.list(), source.allocatable()]);
  expect(kubelet.calls).toHaveLength(3);
  expect(kubelet.connections()).toBe(1);
});

test('a kubelet that was started again is found at once', async () => {
  kubelet.setPods([podWithGpu('a')]);
  const source = open();
  await source.list();
  await kubelet.restart();
  expect((await source.list()).containers).toHaveLength(1);
  expect(kubelet.connections()).toBe(2);
});

test('a kubelet that comes back after failures is found at once, without a growing wait', async () => {
  const source = open();
  await source.list();
  await kubelet.stop();
  for (let turn = 0; turn < 5; turn++) await expect(source.list()).rejects.toThrow('there is no such socket');
  const deaf = createServer((connection) => connection.destroy()).listen(socket);
  await once(deaf, 'listening');
  for (let turn = 0; turn < 5; turn++) await expect(source.list()).rejects.toThrow('no gRPC connection');
  await new Promise((resolve) => deaf.close(resolve));
  kubelet = await startFakeKubelet(socket);
  kubelet.setPods([podWithGpu('a')]);
  expect((await source.list()).containers).toHaveLength(1);
});

test('the socket is present only if it is one', async () => {
  const file = join(folder, 'file');
  writeFileSync(file, '');
  expect(await open().isPresent()).toBe(true);
  expect(await open({ socket: file }).isPresent()).toBe(false);
  expect(await open({ socket: join(folder, 'none') }).isPresent()).toBe(false);
  expect(await open({ socket: join(file, 'below') }).isPresent()).toBe(false);
});

test('an absent socket is named with what to mount', async () => {
  const absent = join(folder, 'none');
  await expect(open({ socket: absent }).list()).rejects.toThrow(
    `pod resources API at ${absent}: there is no such socket; mount /var/lib/kubelet/pod-resources into the container`,
  );
});

test('a socket that nobody listens on is told from an absent one', async () => {
  const file = join(folder, 'file');
  writeFileSync(file, '');
  await expect(open({ socket: file }).list()).rejects.toThrow('nobody listens; the kubelet is down');
});

test('a socket that may not be opened, or not even be looked at, counts as present and is refused', async () => {
  await open().list();
  chmodSync(socket, 0o600);
  chmodSync(folder, 0o755);
  await asNobody(async () => {
    await expect(open().list()).rejects.toThrow('permission denied; run as root');
  });
  chmodSync(folder, 0o000);
  await asNobody(async () => {
    const source = open();
    expect(await source.isPresent()).toBe(true);
    await expect(source.list()).rejects.toThrow('permission denied; run as root');
  });
  chmodSync(folder, 0o700);
});

/** Root may open everything, so tests that run as root are somebody else for a while. */
async function asNobody(act: () => Promise<void>): Promise<void> {
  const isRoot = process.getuid?.() === 0;
  if (!isRoot) chmodSync(socket, 0o000);
  if (isRoot) process.seteuid?.(65_534);
  try {
    await act();
  } finally {
    if (isRoot) process.seteuid?.(0);
  }
}

test('a kubelet that does not answer is given up on, and asked anew the next time', async () => {
  kubelet.setPods([podWithGpu('a')]);
  kubelet.behave('slow');
  const source = open({ timeoutSeconds: 0.5 });
  await expect(source.list()).rejects.toThrow('List was not answered within 0.5 s; see the log of the kubelet');
  kubelet.behave('normal');
  expect((await source.list()).containers).toHaveLength(1);
});

test('a server that accepts and then says nothing is given up on, and is left one connection however often it is asked', async () => {
  const mute = join(folder, 'mute.sock');
  const connections: Socket[] = [];
  const server = createServer((connection) => connections.push(connection)).listen(mute);
  await once(server, 'listening');
  const source = open({ socket: mute, timeoutSeconds: 0.2 });
  for (let turn = 0; turn < 3; turn++) await expect(source.list()).rejects.toThrow('not answered within 0.2 s');
  expect(connections).toHaveLength(1);
  for (const connection of connections) connection.destroy();
  server.close();
});

test('garbage in place of a message is no list, and the next answer is read again', async () => {
  kubelet.setPods([podWithGpu('a')]);
  kubelet.behave('garbage');
  const source = open();
  await expect(source.list()).rejects.toThrow('List was answered with bytes that are no such message');
  await expect(source.allocatable()).rejects.toThrow('GetAllocatableResources was answered with bytes that are no');
  kubelet.behave('normal');
  expect((await source.list()).containers).toHaveLength(1);
});

test('an answer that is too large is not read', async () => {
  kubelet.setPods(Array.from({ length: 1000 }, (_, index) => podWithGpu(`worker-${index}`)));
  await expect(open({ maxBytes: 50_000 }).list()).rejects.toThrow('the answer to List is larger than 50000 bytes');
});

test('a server that speaks no gRPC is not taken for a kubelet', async () => {
  const path = join(folder, 'http.sock');
  const server = createServer((connection) => connection.end('HTTP/1.1 400 Bad Request\r\n\r\n')).listen(path);
  await once(server, 'listening');
  await expect(open({ socket: path }).list()).rejects.toThrow(/no gRPC connection .*is this the socket of the kubelet/);
  server.close();
});

test('another gRPC server, and a kubelet that limits the rate, are told by what they say', async () => {
  const source = open();
  kubelet.behave('other');
  await expect(source.list()).rejects.toThrow('Kubernetes 1.20 or newer is needed');
  kubelet.behave('busy');
  await expect(source.list()).rejects.toThrow('rejected by rate limit); ask less often with --kubernetes.interval');
  await expect(source.allocatable()).rejects.toThrow('rejected by rate limit');
});

test('closing ends calls that are under way and refuses further ones', async () => {
  kubelet.behave('slow');
  const source = open({ timeoutSeconds: 60 });
  const pending = expect(source.list()).rejects.toThrow('List failed');
  await eventually('the call to arrive', () => kubelet.calls[0]);
  source.close();
  await pending;
  await expect(source.list()).rejects.toThrow('the connection is closed');
});
