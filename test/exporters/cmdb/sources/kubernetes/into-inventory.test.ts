import { startSimulatedKubernetes } from '../../../../../cli/simulate/kubernetes/simulated-kubernetes.ts';
import type { ItemClass } from '../../../../../exporters/cmdb/model/item-class.ts';
import { openTestDatabase, type TestCmdb, type TestDatabase } from '../../../../support/cmdb-store.ts';
import { eventually } from '../../../../support/eventually.ts';
import { type FakeKubernetes, podObject, sourceOf } from '../../../../support/fake-kubernetes.ts';

const nodes = 6;
const nothing = { created: 0, updated: 0, missing: 0, returned: 0 };
let database: TestDatabase;
let opened: TestCmdb;
let fake: FakeKubernetes;
let source: ReturnType<typeof sourceOf>;

beforeAll(async () => {
  database = await openTestDatabase(undefined);
}, 120_000);
afterAll(() => database.close());
beforeEach(async () => {
  opened = await database.empty();
  fake = await startSimulatedKubernetes({ seed: 1, nodes, gpus: 8, scenario: 'healthy' });
  source = sourceOf(fake, { cluster: 'simulated' });
});
afterEach(async () => {
  await source.stop();
  await fake.stop();
});

/** Looks at the cluster as the daemon does, and tells what that changed. */
async function look() {
  const observation = await source.observe();
  opened.clock.advance(300);
  const { counts } = await opened.look([], { observation });
  return counts;
}

/** What changes after it is seen at the next look for sure. */
async function listAnew(): Promise<void> {
  await eventually('the watches', () => fake.watches().length === 3 || undefined);
  for (const watch of fake.watches()) watch.expire();
  await eventually('the end of the watches', () => fake.watches().length === 0 || undefined);
}

const namesOf = (itemClass: ItemClass) => opened.cmdb.inventory.ofClass(itemClass).map(({ name }) => name);

test('a cluster is in the inventory after one look, and another look changes nothing', async () => {
  const { created } = await look();
  expect(created).toBe([...opened.cmdb.inventory.items()].length);
  expect(namesOf('server')).toHaveLength(nodes);
  expect([...namesOf('rack')].sort()).toEqual(['sim-rack-1', 'sim-rack-2']);
  expect([...namesOf('tenant')].sort()).toEqual(['inference', 'research', 'team-a', 'team-b']);
  expect(await look()).toEqual(nothing);
  await listAnew();
  expect(await look()).toEqual(nothing);
});

test('pods that take the place of others leave no trace', async () => {
  await look();
  await listAnew();
  for (const pod of fake.store.all('pods').filter(({ metadata }) => metadata.namespace === 'inference')) {
    const { name, namespace = '' } = pod.metadata;
    fake.store.remove('pods', name, namespace);
    const { uid: _uid, ...metadata } = pod.metadata;
    fake.store.put('pods', { ...pod, metadata: { ...metadata, name: `${name.slice(0, -5)}zzz${name.slice(-2)}` } });
  }
  expect(await look()).toEqual(nothing);
});

test('a node that is registered anew is the same server', async () => {
  await look();
  await listAnew();
  const node = fake.store.remove('nodes', 'sim-2');
  if (node === undefined) throw new Error('sim-2 is not there');
  fake.store.put('nodes', { ...node, metadata: { ...node.metadata, uid: 'another-uid' } });
  expect(await look()).toEqual(nothing);
});

test('when owners of pods cannot be read, no application is taken for missing', async () => {
  await look();
  await source.stop();
  source = sourceOf(fake, { cluster: 'simulated' });
  fake.forbid('list', 'replicasets');
  fake.forbid('list', 'jobs');
  expect(await look()).toMatchObject({ created: 0, missing: 0 });
});

test('an application that is gone is missing, and comes back', async () => {
  fake.store.put('pods', podObject('research', 'try', { node: 'sim-1', gpus: 1 }));
  await look();
  await listAnew();
  fake.store.remove('pods', 'try', 'research');
  expect(await look()).toMatchObject({ created: 0, missing: 1 });
  await listAnew();
  fake.store.put('pods', podObject('research', 'try', { node: 'sim-1', gpus: 1 }));
  expect(await look()).toMatchObject({ created: 0, returned: 1 });
});
