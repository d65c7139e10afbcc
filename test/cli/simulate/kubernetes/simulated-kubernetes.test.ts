import { simulatedCluster } from '../../../../cli/simulate/cluster.ts';
import { simulatedEngines } from '../../../../cli/simulate/inference/simulated-engines.ts';
import { fieldAt } from '../../../../cli/simulate/kubernetes/fake/kubernetes-object.ts';
import {
  simulatedKubernetes,
  startSimulatedKubernetes,
} from '../../../../cli/simulate/kubernetes/simulated-kubernetes.ts';
import { simulatedSystemUuid } from '../../../../cli/simulate/system-uuid.ts';
import { simulatedRuns } from '../../../../cli/simulate/training/simulated-run.ts';
import { simulatedPods } from '../../../../exporters/gpu/sources/simulated/simulated-pods.ts';
import { itemOf, relationsOf, sourceOf } from '../../../support/fake-kubernetes.ts';

const key = { seed: 1, nodes: 6, gpus: 8, scenario: 'healthy' };
const objects = simulatedKubernetes(key);

/** Pods that ask for GPUs, as namespace/name on node. */
const gpuPods = objects
  .filter(({ resource, object }) => resource === 'pods' && JSON.stringify(object).includes('nvidia.com/gpu'))
  .map(
    ({ object }) =>
      `${object.metadata.namespace}/${object.metadata.name} on ${String(fieldAt(object, 'spec.nodeName'))}`,
  );

test('the same key gives the same objects, another seed others', () => {
  expect(simulatedKubernetes(key)).toEqual(objects);
  expect(simulatedKubernetes({ ...key, seed: 2 })).not.toEqual(objects);
});

test('the pods with GPUs are those that the GPU exporter shows', () => {
  const shown = simulatedCluster(key.nodes).nodes.flatMap(({ name }, node) =>
    simulatedPods({ seed: key.seed, node, gpus: key.gpus }).map((pod) => `${pod.namespace}/${pod.name} on ${name}`),
  );
  expect([...gpuPods].sort()).toEqual([...shown].sort());
});

test('training runs and LLM engines are pods of it, on their nodes', () => {
  const pods = new Set(
    objects
      .filter(({ resource }) => resource === 'pods')
      .map(
        ({ object }) =>
          `${object.metadata.namespace}/${object.metadata.name} on ${String(fieldAt(object, 'spec.nodeName'))}`,
      ),
  );
  const told = [...simulatedRuns(key), ...simulatedEngines(key)];
  expect(told.length).toBeGreaterThan(8);
  expect(
    told.filter(({ namespace, podName, nodeName }) => !pods.has(`${namespace}/${podName} on ${nodeName}`)),
  ).toEqual([]);
});

test('engines that have no GPU are pods too', () => {
  const small = { ...key, nodes: 1 };
  const engines = simulatedEngines(small).map(({ podName }) => podName);
  const names = simulatedKubernetes(small).map(({ object }) => object.metadata.name);
  expect(engines.filter((name) => name.startsWith('chat-api-cpu-')).length).toBeGreaterThan(0);
  expect(engines.filter((name) => !names.includes(name))).toEqual([]);
});

test('the inventory sees nodes, racks, tenants and applications as the other parts show them', async () => {
  const fake = await startSimulatedKubernetes(key, { tokens: ['simulated'] });
  const source = sourceOf(fake, { cluster: 'simulated', token_file: '/token' }, { readFile: () => 'simulated' });
  const observation = await source.observe();
  const keysOf = (name: string) => observation.items.filter((item) => item.class === name).map((item) => item.key);
  const { nodes } = simulatedCluster(key.nodes);
  expect(keysOf('server')).toEqual(nodes.map(({ name }) => `server:${name}`));
  for (const [number, { name, rack }] of nodes.entries()) {
    const server = itemOf(observation, `server:${name}`);
    expect(relationsOf(server)['located_in']).toEqual([`rack:${rack}`]);
    expect(server.attributes).toMatchObject({ node: name, gpu_count: 8, driver_version: '580.65.06' });
    const uuid = simulatedSystemUuid({ seed: key.seed, node: number });
    expect(server.identities).toContainEqual({ kind: 'uuid', value: uuid });
  }
  for (const { namespace, podName, ranks, nodeName } of simulatedRuns(key)) {
    const run = itemOf(observation, `application:${namespace}/Job/${podName}`);
    expect(run.attributes['gpu_count']).toBe(ranks);
    expect(relationsOf(run)).toEqual({
      part_of: [`namespace:${namespace}`],
      owned_by: [`tenant:${namespace}`],
      runs_on: [`server:${nodeName}`],
    });
  }
  expect(relationsOf(itemOf(observation, 'namespace:kube-system'))).toEqual({ part_of: ['cluster:simulated'] });
  expect(itemOf(observation, 'application:inference/Deployment/chat-api')).toBeDefined();
  expect(observation).toMatchObject({ isComplete: true, problems: [], failedScopes: [] });
  await source.stop();
  await fake.stop();
});
