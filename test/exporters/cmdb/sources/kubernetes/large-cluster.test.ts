import { eventually } from '../../../../support/eventually.ts';
import type { FakeKubernetes } from '../../../../support/fake-kubernetes.ts';
import {
  itemOf,
  nodeObject,
  ownedObject,
  ownerReference,
  podObject,
  sourceOf,
  startFakeKubernetes,
} from '../../../../support/fake-kubernetes.ts';

const nodes = 10_000;
const podsPerNode = 2;
let fake: FakeKubernetes;

beforeAll(async () => {
  fake = await startFakeKubernetes();
  for (let set = 0; set < 300; set++)
    fake.store.put(
      'replicasets',
      ownedObject('ns', `app-${set}-7d9c`, `rs-${set}`, ownerReference('Deployment', `app-${set}`)),
    );
  for (let node = 0; node < nodes; node++) {
    fake.store.put('nodes', nodeObject(`n${node}`));
    for (let pod = 0; pod < podsPerNode; pod++) {
      const set = (node * podsPerNode + pod) % 300;
      const owner = ownerReference('ReplicaSet', `app-${set}-7d9c`, `rs-${set}`);
      fake.store.put('pods', podObject('ns', `p-${node}-${pod}`, { node: `n${node}`, gpus: 1, owner }));
    }
  }
});
afterAll(() => fake.stop());

test('10,000 nodes and their pods are listed once, in pages, and then cost no more than what changes', async () => {
  const source = sourceOf(fake);
  const first = await source.observe();
  expect(first.items.filter((item) => item.class === 'server')).toHaveLength(nodes);
  expect(itemOf(first, 'application:ns/Deployment/app-7').attributes).toMatchObject({ replicas: 67, gpu_count: 67 });
  expect(first.problems).toEqual([]);
  expect(fake.calls()).toMatchObject({
    'list nodes': 1,
    'continue nodes': nodes / 250 - 1,
    'list pods': 1,
    'continue pods': (nodes * podsPerNode) / 500 - 1,
    'list replicasets': 1,
  });
  await eventually('the watches', () => fake.watches().length === 3 || undefined);

  const [bytes, calls] = [fake.bytesSent(), JSON.stringify(fake.calls())];
  fake.store.put('pods', podObject('ns', 'new', { node: 'n1', gpus: 5 }));
  const second = await eventually('the pod', async () => {
    const seen = await source.observe();
    return seen.items.some(({ key }) => key === 'application:ns/Pod/new') ? seen : undefined;
  });
  expect(second.items).toHaveLength(first.items.length + 1);
  expect(JSON.stringify(fake.calls())).toBe(calls);
  expect(fake.bytesSent() - bytes).toBeLessThan(2000);
  await source.stop();
});
