import { mapCluster } from '../../../../../exporters/cmdb/sources/kubernetes/map-cluster.ts';
import type { OwnerReference } from '../../../../../exporters/cmdb/sources/kubernetes/object-meta.ts';
import { parseNamespace } from '../../../../../exporters/cmdb/sources/kubernetes/parse-namespace.ts';
import { parseNode } from '../../../../../exporters/cmdb/sources/kubernetes/parse-node.ts';
import { parsePod } from '../../../../../exporters/cmdb/sources/kubernetes/parse-pod.ts';
import {
  itemOf,
  kubernetesConfig,
  namespaceObject,
  nodeObject,
  ownerReference,
  podObject,
  relationsOf,
} from '../../../../support/fake-kubernetes.ts';

const given = { url: 'https://k8s.example.com:6443', cluster: 'gpu-1' };
type Made = ReturnType<typeof podObject>;
let number = 0;

function withUid<T extends Made>(object: T) {
  return { ...object, metadata: { ...object.metadata, uid: `uid-${number++}` } };
}

interface Cluster {
  readonly pods?: readonly Made[];
  readonly namespaces?: readonly Made[];
  readonly nodes?: readonly string[];
  readonly topOwner?: (owner: OwnerReference) => OwnerReference | undefined;
}

function mapped(
  { pods = [], namespaces = [], nodes = ['n1', 'n2'], topOwner = (owner) => owner }: Cluster,
  values = {},
) {
  const config = kubernetesConfig({ ...given, ...values });
  return mapCluster(
    {
      nodes: nodes.flatMap((name) => parseNode(withUid(nodeObject(name)), []) ?? []),
      namespaces: namespaces.flatMap((object) => parseNamespace(withUid(object), config) ?? []),
      pods: pods.flatMap((object) => parsePod(withUid(object), config.teamLabel) ?? []),
      topOwner,
      ownersFailed: undefined,
      problems: [],
    },
    config,
  );
}

const applications = (observation: ReturnType<typeof mapped>): readonly string[] =>
  observation.items.filter((item) => item.class === 'application').map(({ key }) => key.replace('application:', ''));

const llama = ownerReference('Deployment', 'llama');

test('pods of one maker are one application, which runs where they do and belongs to whom the namespace does', () => {
  const observation = mapped({
    namespaces: [namespaceObject('chat', { 'fleetlens.io/tenant': 'acme', 'fleetlens.io/team': 'serving' })],
    pods: [
      podObject('chat', 'llama-1', { node: 'n1', gpus: 2, owner: ownerReference('ReplicaSet', 'llama-7d9c') }),
      podObject('chat', 'llama-2', { node: 'n2', gpus: 2, owner: ownerReference('ReplicaSet', 'llama-66f4') }),
      podObject('chat', 'llama-3', { phase: 'Pending', gpus: 2, owner: ownerReference('ReplicaSet', 'llama-66f4') }),
      podObject('chat', 'llama-0', {
        node: 'n1',
        gpus: 2,
        phase: 'Failed',
        owner: ownerReference('ReplicaSet', 'llama-66f4'),
      }),
    ],
    topOwner: () => llama,
  });
  const item = itemOf(observation, 'application:chat/Deployment/llama');
  expect(item.name).toBe('chat/llama');
  expect(item.identities).toEqual([
    { kind: 'external', value: 'kubernetes:gpu-1:application:chat/deployment/llama' },
    { kind: 'name', value: 'gpu-1/chat/deployment/llama' },
  ]);
  expect(item.attributes).toEqual({
    cluster: 'gpu-1',
    namespace: 'chat',
    kind: 'Deployment',
    replicas: 3,
    gpu_count: 6,
  });
  expect(relationsOf(item)).toEqual({
    part_of: ['namespace:chat'],
    owned_by: ['tenant:acme', 'team:serving'],
    runs_on: ['server:n1', 'server:n2'],
  });
  expect(relationsOf(itemOf(observation, 'namespace:chat'))).toEqual({
    part_of: ['cluster:gpu-1'],
    owned_by: ['tenant:acme', 'team:serving'],
  });
  expect(itemOf(observation, 'tenant:acme').identities).toEqual([{ kind: 'name', value: 'acme' }]);
});

test('nothing of a single pod is kept: other pods of the same maker change nothing', () => {
  const once = (names: readonly string[]) =>
    mapped({ pods: names.map((name) => podObject('chat', name, { node: 'n1', gpus: 1, owner: llama })) }).items.filter(
      (item) => item.class === 'application',
    );
  expect(once(['llama-a', 'llama-b'])).toEqual(once(['llama-x', 'llama-y']));
});

describe('who pays', () => {
  const tenants = [
    { namespaces: ['team-a', 'team-a-*'], tenant: 'a' },
    { namespaces: '*-prod', tenant: 'prod' },
  ];
  const tenantOf = (namespace: ReturnType<typeof namespaceObject>, values = {}) =>
    relationsOf(itemOf(mapped({ namespaces: [namespace] }, values), `namespace:${namespace.metadata.name}`))[
      'owned_by'
    ];

  test.each([
    ['a label', namespaceObject('x', { 'fleetlens.io/tenant': 'acme' }), {}, ['tenant:acme']],
    ['an annotation', namespaceObject('x', {}, { 'fleetlens.io/tenant': 'Acme & Sons' }), {}, ['tenant:acme & sons']],
    [
      'another label',
      namespaceObject('x', { 'acme.com/payer': 'z' }),
      { tenant_label: 'acme.com/payer' },
      ['tenant:z'],
    ],
    ['a pattern', namespaceObject('team-a-dev'), { tenants }, ['tenant:a']],
    ['the first pattern', namespaceObject('team-a-prod'), { tenants }, ['tenant:a']],
    [
      'a label before patterns',
      namespaceObject('team-a', { 'fleetlens.io/tenant': 'acme' }),
      { tenants },
      ['tenant:acme'],
    ],
    ['nobody', namespaceObject('other'), { tenants }, undefined],
    ['nobody for an empty label', namespaceObject('other', { 'fleetlens.io/tenant': '' }), {}, undefined],
  ])('is told by %s', (_what, namespace, values, owners) => {
    expect(tenantOf(namespace, values)).toEqual(owners);
  });
});

describe('what becomes an application', () => {
  const pods = [
    podObject('ns', 'train-0', { node: 'n1', gpus: 8, owner: ownerReference('Job', 'train') }),
    podObject('ns', 'etl-0', { node: 'n1', owner: ownerReference('CronJob', 'etl') }),
    podObject('ns', 'db-0', { node: 'n1', owner: ownerReference('StatefulSet', 'db') }),
    podObject('ns', 'notebook', { node: 'n1', gpus: 1 }),
    podObject('ns', 'debug', { node: 'n1' }),
    podObject('ns', 'plugin-x', { node: 'n1', owner: ownerReference('DaemonSet', 'plugin') }),
    podObject('ns', 'etcd-n1', { node: 'n1', owner: ownerReference('Node', 'n1') }),
    podObject('ns', 'etcd-n2', { node: 'n2', owner: ownerReference('Node', 'n2') }),
  ];
  const gpu = ['ns/Job/train', 'ns/Pod/notebook'];

  test.each([
    ['gpu', false, gpu],
    ['services', false, [...gpu, 'ns/StatefulSet/db']],
    ['all', false, [...gpu, 'ns/StatefulSet/db', 'ns/CronJob/etl']],
    ['none', false, []],
    ['services', true, [...gpu, 'ns/StatefulSet/db', 'ns/DaemonSet/plugin', 'ns/StaticPod/etcd']],
  ])('applications: %s, daemons: %s', (applicationsKey, daemons, names) => {
    const observation = mapped({ pods }, { applications: applicationsKey, daemons });
    expect([...applications(observation)].sort()).toEqual([...names].sort());
  });

  test('services without being asked', () => {
    expect(applications(mapped({ pods }))).toEqual(applications(mapped({ pods }, { applications: 'services' })));
  });

  test('a DaemonSet only if it asks for GPUs', () => {
    const plugin = podObject('ns', 'p', { node: 'n1', gpus: 1, owner: ownerReference('DaemonSet', 'burn-in') });
    expect(applications(mapped({ pods: [plugin] }))).toEqual(['ns/DaemonSet/burn-in']);
  });

  test('nothing of namespaces that are not wanted', () => {
    const namespaces = ['team-a', 'team-b', 'kube-system'].map((name) => namespaceObject(name));
    const inEach = namespaces.map(({ metadata: { name } }) => podObject(name, 'x', { node: 'n1', gpus: 1 }));
    const seen = (values: object) =>
      mapped({ namespaces, pods: inEach }, { namespaces: values })
        .items.filter((item) => item.class === 'namespace' || item.class === 'application')
        .map(({ key }) => key);
    expect(seen({ include: 'team-*', exclude: ['team-b'] })).toEqual(['namespace:team-a', 'application:team-a/Pod/x']);
    expect(seen({ exclude: 'team-*' })).toEqual(['namespace:kube-system', 'application:kube-system/Pod/x']);
  });

  test('nothing of pods whose maker has just been deleted', () => {
    const pod = podObject('ns', 'x', { gpus: 1, owner: ownerReference('ReplicaSet', 'gone') });
    expect(applications(mapped({ pods: [pod], topOwner: () => undefined }))).toEqual([]);
  });
});

test('parts of GPUs are counted apart', () => {
  const observation = mapped({
    pods: [
      podObject('ns', 'a', { gpus: 1, resource: 'nvidia.com/gpu.shared', owner: llama }),
      podObject('ns', 'b', { gpus: 2, resource: 'nvidia.com/mig-1g.10gb', owner: llama }),
    ],
  });
  const { attributes } = itemOf(observation, 'application:ns/Deployment/llama');
  expect([attributes['gpu_count'], attributes['gpu_shares']]).toEqual([undefined, 3]);
});

test('of containers that run one after the other the largest request counts', () => {
  const asks = (count: number) => ({ resources: { limits: { 'nvidia.com/gpu': String(count) } } });
  const pod = {
    metadata: { uid: 'u', namespace: 'ns', name: 'p' },
    spec: {
      initContainers: [asks(4), { ...asks(1), restartPolicy: 'Always' }],
      containers: [asks(1), asks(1), { resources: null }, 'torn'],
    },
  };
  expect(parsePod(pod, 'team')?.gpus).toBe(4);
  expect(
    parsePod(
      { ...pod, spec: { ...pod.spec, initContainers: [asks(2), { ...asks(1), restartPolicy: 'Always' }] } },
      'team',
    )?.gpus,
  ).toBe(3);
});

test('pods that name a team are its, unless they name several', () => {
  const teams = (...names: readonly string[]) => {
    const labels = (name: string) => ({ 'fleetlens.io/team': name });
    const pods = names.map((name) => podObject('ns', name, { gpus: 1, owner: llama, labels: labels(name) }));
    return relationsOf(itemOf(mapped({ pods }), 'application:ns/Deployment/llama'))['owned_by'];
  };
  expect([teams('red', 'red'), teams('red', 'blue')]).toEqual([['team:red'], undefined]);
});

test('long names that differ at their end stay apart', () => {
  const long = 'n'.repeat(250);
  const pods = ['a', 'b'].map((end) =>
    podObject('ns', end, { gpus: 1, owner: ownerReference('Deployment', `${long}${end}`) }),
  );
  const [first, second] = mapped({ pods }).items.filter((item) => item.class === 'application');
  const values = [...(first?.identities ?? []), ...(second?.identities ?? [])].map(({ value }) => value);
  expect(new Set(values).size).toBe(4);
  expect(values.filter((value) => value.length > 200)).toEqual([]);
});

test('names that tell nothing elsewhere do here', () => {
  const pods = [podObject('none', 'x', { gpus: 1 })];
  const observation = mapped({ pods, namespaces: [namespaceObject('none')] });
  expect(itemOf(observation, 'namespace:none').identities).toEqual([
    { kind: 'external', value: 'kubernetes:gpu-1:namespace:none' },
  ]);
  expect(applications(observation)).toEqual(['none/Pod/x']);
});

test.each([
  ['no namespace', { metadata: { uid: 'u', name: 'p' } }],
  ['a namespace that is none', { metadata: { uid: 'u', name: 'p', namespace: 'a/b' } }],
  ['a list', []],
])('%s is no pod', (_what, object) => {
  expect(parsePod(object, 'team')).toBeUndefined();
});

test.each([
  ['kind', { kind: '<b>', name: 'x', uid: 'u', controller: true }],
  ['name', { kind: 'Job', name: '../x', uid: 'u', controller: true }],
  ['control', { kind: 'Job', name: 'x', uid: 'u' }],
])('an owner without a good %s is none', (_what, owner) => {
  const pod = { metadata: { uid: 'u', name: 'p', namespace: 'ns', ownerReferences: [owner] } };
  expect(parsePod(pod, 'team')?.owner).toBeUndefined();
});
