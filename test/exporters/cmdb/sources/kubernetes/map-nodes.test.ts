import type { ObservedItem } from '../../../../../exporters/cmdb/observation.ts';
import { mapCluster } from '../../../../../exporters/cmdb/sources/kubernetes/map-cluster.ts';
import { wantedLabelsOf } from '../../../../../exporters/cmdb/sources/kubernetes/node-attributes.ts';
import { parseNode } from '../../../../../exporters/cmdb/sources/kubernetes/parse-node.ts';
import { itemOf, kubernetesConfig, nodeObject, relationsOf } from '../../../../support/fake-kubernetes.ts';

const given = { url: 'https://k8s.example.com:6443', cluster: 'gpu-1' };

function mapped(objects: readonly unknown[], values: Readonly<Record<string, unknown>> = {}) {
  const config = kubernetesConfig({ ...given, ...values });
  const nodes = objects.flatMap((object) => parseNode(object, wantedLabelsOf(config)) ?? []);
  return mapCluster(
    { nodes, namespaces: [], pods: [], topOwner: () => undefined, ownersFailed: undefined, problems: [] },
    config,
  );
}

function withUid(uid: string, object: ReturnType<typeof nodeObject>) {
  return { ...object, metadata: { ...object.metadata, uid } };
}

const gpuLabels = {
  'nvidia.com/gpu.product': 'NVIDIA-H100-80GB-HBM3',
  'nvidia.com/gpu.count': '8',
  'nvidia.com/cuda.driver-version.full': '580.65.06',
};

test('a node is a server of the cluster, with its system, driver and rack', () => {
  const observation = mapped([
    withUid(
      'abc-1',
      nodeObject('n1', {
        uuid: '4C4C4544-0035-4410-8032-B9C04F4B3333',
        ip: '10.0.0.11',
        labels: {
          ...gpuLabels,
          'topology.kubernetes.io/rack': 'r7',
          'topology.kubernetes.io/zone': 'z1',
          'node-role.kubernetes.io/gpu': '',
        },
        spec: { taints: [{ key: 'nvidia.com/gpu', value: 'present', effect: 'NoSchedule' }] },
      }),
    ),
  ]);
  const server = itemOf(observation, 'server:n1');
  expect(server).toMatchObject({ class: 'server', name: 'n1' });
  expect(server.identities).toEqual([
    { kind: 'uuid', value: '4c4c4544-0035-4410-8032-b9c04f4b3333' },
    { kind: 'hostname', value: 'n1' },
    { kind: 'ip', value: '10.0.0.11' },
  ]);
  expect(server.attributes).toEqual({
    node: 'n1',
    kubernetes_node: 'n1',
    cluster: 'gpu-1',
    address: '10.0.0.11',
    zone: 'z1',
    role: 'gpu',
    kubernetes_roles: ['gpu'],
    architecture: 'x86_64',
    kernel: '6.8.0-60-generic',
    os: 'Ubuntu 24.04.2 LTS',
    kubelet_version: 'v1.33.4',
    driver_version: '580.65.06',
    gpu_model: 'NVIDIA-H100-80GB-HBM3',
    gpu_count: 8,
    cpu_count: 192,
    memory_bytes: 2_164_146_176,
    taints: ['nvidia.com/gpu=present:NoSchedule'],
  });
  expect(relationsOf(server)).toEqual({ part_of: ['cluster:gpu-1'], located_in: ['rack:r7'] });
  expect(itemOf(observation, 'cluster:gpu-1')).toMatchObject({ class: 'cluster', name: 'gpu-1' });
  expect(relationsOf(itemOf(observation, 'driver:nvidia 580.65.06'))).toEqual({ installed_on: ['server:n1'] });
  expect(relationsOf(itemOf(observation, 'os:ubuntu 24.04.2 lts'))).toEqual({ installed_on: ['server:n1'] });
  expect(observation).toMatchObject({ isComplete: true, problems: [], failedScopes: [] });
});

function attributesWith(labels: Readonly<Record<string, string>>, gpus: number, values = {}) {
  return itemOf(mapped([withUid('u', nodeObject('n1', { labels, gpus }))], values), 'server:n1').attributes;
}

test.each([
  ['the capacity', {}, 4, 4],
  ['boards, though time slicing shows more', { 'nvidia.com/gpu.count': '2' }, 20, 2],
  ['boards, though MIG hides them', { 'nvidia.com/gpu.count': '8' }, 0, 8],
  ['the capacity, where the label is nonsense', { 'nvidia.com/gpu.count': 'many' }, 4, 4],
  ['nothing known', {}, 0, undefined],
])('gpu_count is %s', (_what, labels, gpus, count) => {
  expect(attributesWith(labels, gpus)['gpu_count']).toBe(count);
});

test('the driver comes in parts from older feature discovery', () => {
  const labels = {
    'nvidia.com/cuda.driver.major': '550',
    'nvidia.com/cuda.driver.minor': '54',
    'nvidia.com/cuda.driver.rev': '15',
  };
  expect(attributesWith(labels, 8)['driver_version']).toBe('550.54.15');
});

test.each([
  ['NVIDIA-H100-80GB-HBM3-SHARED', 'NVIDIA-H100-80GB-HBM3'],
  ['NVIDIA-A100-SXM4-40GB-MIG-1g.5gb', 'NVIDIA-A100-SXM4-40GB'],
  ['NVIDIA-A100-SXM4-40GB-MIG-1g.5gb-SHARED', 'NVIDIA-A100-SXM4-40GB'],
])('gpu_model of %s is %s', (product, model) => {
  expect(attributesWith({ 'nvidia.com/gpu.product': product }, 8)['gpu_model']).toBe(model);
});

test('further labels become attributes as the configuration says', () => {
  const values = { node_labels: { pool: 'cloud.example.com/pool', missing: 'not-there' } };
  const attributes = attributesWith({ 'cloud.example.com/pool': 'train' }, 8, values);
  expect([attributes['pool'], attributes['missing']]).toEqual(['train', undefined]);
});

test('taints that Kubernetes sets by itself are left out, a cordon is told', () => {
  const spec = {
    unschedulable: true,
    taints: [
      { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' },
      { key: 'b', effect: 'NoExecute' },
      { key: 'a', value: '1', effect: 'NoSchedule' },
    ],
  };
  const { attributes } = itemOf(mapped([withUid('u', nodeObject('n1', { spec }))]), 'server:n1');
  expect(attributes).toMatchObject({ unschedulable: true, taints: ['a=1:NoSchedule', 'b:NoExecute'] });
});

test('a node whose name has a domain is known by both', () => {
  const node = nodeObject('ip-10-0-0-1.ec2.internal', { labels: { 'kubernetes.io/hostname': 'ip-10-0-0-1' } });
  expect(itemOf(mapped([withUid('u', node)]), 'server:ip-10-0-0-1.ec2.internal').identities).toEqual([
    { kind: 'hostname', value: 'ip-10-0-0-1' },
    { kind: 'fqdn', value: 'ip-10-0-0-1.ec2.internal' },
  ]);
});

test('a node that is registered anew is the same server', () => {
  const uuid = '4c4c4544-0035-4410-8032-b9c04f4b3333';
  const [before, after] = ['u1', 'u2'].map((uid) => mapped([withUid(uid, nodeObject('n1', { uuid }))]));
  expect(before).toEqual(after);
});

test('a node of which nothing else is known is known by its uid', () => {
  const nameless = { metadata: { name: 'localhost', uid: 'u1' } };
  expect(itemOf(mapped([nameless]), 'server:localhost').identities).toEqual([
    { kind: 'external', value: 'kubernetes:gpu-1:node:u1' },
  ]);
});

describe('places', () => {
  const namesOf = ({ identities }: ObservedItem) => identities.map(({ value }) => value);
  const place_labels = { site: 'example.com/site', room: 'example.com/room', rack: 'example.com/rack' };
  const at = (name: string, site: string, room: string, rack: string) =>
    withUid(
      name,
      nodeObject(name, { labels: { 'example.com/site': site, 'example.com/room': room, 'example.com/rack': rack } }),
    );

  test('are nested as the labels say', () => {
    const observation = mapped([at('n1', 'berlin', 'hall-1', 'R1'), at('n2', 'berlin', 'hall-1', 'R1')], {
      place_labels,
    });
    const [rack, room] = [itemOf(observation, 'rack:berlin/hall-1/r1'), itemOf(observation, 'room:berlin/hall-1')];
    expect(relationsOf(itemOf(observation, 'server:n2'))['located_in']).toEqual([rack.key]);
    expect(relationsOf(rack)).toEqual({ located_in: [room.key] });
    expect(relationsOf(room)).toEqual({ located_in: ['site:berlin'] });
    expect([rack.name, namesOf(rack)]).toEqual(['R1', ['berlin/hall-1/r1', 'r1', 'berlin/r1', 'hall-1/r1']]);
  });

  test('of one name in two rooms stay apart, and their bare name tells neither', () => {
    const observation = mapped([at('n1', 'berlin', 'hall-1', 'R1'), at('n2', 'berlin', 'hall-2', 'R1')], {
      place_labels,
    });
    expect(observation.items.filter((item) => item.class === 'rack').map(namesOf)).toEqual([
      ['berlin/hall-1/r1', 'hall-1/r1'],
      ['berlin/hall-2/r1', 'hall-2/r1'],
    ]);
  });

  test('of which a node names only the last are those that others name in full', () => {
    const bare = withUid('u', nodeObject('n2', { labels: { 'example.com/rack': 'R1' } }));
    const observation = mapped([at('n1', 'berlin', 'hall-1', 'R1'), bare], { place_labels });
    expect(relationsOf(itemOf(observation, 'server:n2'))['located_in']).toEqual(['rack:berlin/hall-1/r1']);
  });

  test('may lack levels', () => {
    const node = withUid('u', nodeObject('n1', { labels: { 'example.com/site': 'berlin' } }));
    const observation = mapped([node], { place_labels });
    expect(relationsOf(itemOf(observation, 'server:n1'))['located_in']).toEqual(['site:berlin']);
  });
});

test.each([
  ['no object', null],
  ['no metadata', {}],
  ['no uid', { metadata: { name: 'n1' } }],
  ['a name that is none', { metadata: { name: '../n1', uid: 'u' } }],
  ['SQL for a name', { metadata: { name: "n'; drop table item; --", uid: 'u' } }],
  ['HTML for a uid', { metadata: { name: 'n1', uid: '<script>' } }],
  ['a name as long as a book', { metadata: { name: 'n'.repeat(300), uid: 'u' } }],
])('%s is no node', (_what, object) => {
  expect(parseNode(object, [])).toBeUndefined();
});

test('hostile values are kept as short, plain text or not at all', () => {
  const hostile = {
    metadata: {
      uid: 'u',
      name: 'n1',
      labels: {
        'nvidia.com/gpu.product': `A\u0000\u001b[31m${'x'.repeat(9999)}`,
        __proto__: { a: 1 },
        'topology.kubernetes.io/rack': 7,
      },
    },
    spec: { taints: 'none', unschedulable: 'yes' },
    status: {
      addresses: [
        { type: 'InternalIP', address: { a: 1 } },
        'x',
        null,
        { type: 'InternalIP', address: 'not an address' },
      ],
      capacity: { cpu: [], memory: '-5Ki', 'nvidia.com/gpu': 'NaN' },
      nodeInfo: { systemUUID: '00000000-0000-0000-0000-000000000000', osImage: 7, kernelVersion: ['a'] },
    },
  };
  const { identities, attributes } = itemOf(mapped([hostile]), 'server:n1');
  expect(identities).toEqual([{ kind: 'hostname', value: 'n1' }]);
  expect(Object.keys(attributes).sort()).toEqual(['address', 'cluster', 'gpu_model', 'kubernetes_node', 'node', 'os']);
  expect(String(attributes['gpu_model'])).toHaveLength(500);
  expect(String(attributes['gpu_model'])).not.toMatch(/\p{Cc}/u);
});
