import {
  pidOf,
  type SimulatedPod,
  sharedGpuOf,
  simulatedPods,
} from '../../../../exporters/gpu/sources/simulated/simulated-pods.ts';

const fleet = Array.from({ length: 500 }, (_, node) => ({ seed: 1, node, gpus: 8 }));
const holdersOf = (pods: readonly SimulatedPod[], gpu: number): readonly SimulatedPod[] =>
  pods.filter(({ gpus }) => gpus.includes(gpu));

test('the same seed and node have the same pods, others have others', () => {
  const key = { seed: 1, node: 7, gpus: 8 };
  expect(simulatedPods(key)).toEqual(simulatedPods(key));
  expect(simulatedPods({ ...key, seed: 2 })).not.toEqual(simulatedPods(key));
  expect(simulatedPods({ ...key, node: 9 })).not.toEqual(simulatedPods(key));
});

test('names, uids, containers and processes of a fleet are never the same twice', () => {
  const pods = fleet.flatMap(simulatedPods);
  for (const part of ['name', 'uid', 'containerId'] as const) {
    expect(new Set(pods.map((pod) => pod[part])).size).toBe(pods.length);
  }
  for (const key of fleet) {
    const pids = simulatedPods(key).flatMap((pod) => pod.gpus.map((gpu) => pidOf(pod, gpu)));
    expect(new Set(pids).size).toBe(pids.length);
  }
});

test('names are those that Kubernetes allows', () => {
  for (const { name, namespace, container, uid, containerId } of fleet.flatMap(simulatedPods)) {
    for (const part of [name, namespace, container]) expect(part).toMatch(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/);
    expect(uid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/);
    expect(containerId).toMatch(/^[0-9a-f]{64}$/);
  }
});

test('a GPU is free, has one pod, or is shared by three for inference: the last one of every second node', () => {
  for (const key of fleet) {
    const pods = simulatedPods(key);
    const shared = sharedGpuOf(key);
    expect(shared).toBe(key.node % 2 === 1 ? 7 : undefined);
    for (let gpu = 0; gpu < key.gpus; gpu++) {
      const holders = holdersOf(pods, gpu);
      if (gpu !== shared) expect(holders.length).toBeLessThanOrEqual(1);
      else expect(holders.map(({ kind, replica }) => [kind, replica])).toEqual([0, 1, 2].map((n) => ['inference', n]));
    }
  }
});

test('GPUs that scenarios strike are in use, some others are free', () => {
  for (const gpus of [1, 2, 3, 4, 8, 16]) {
    const pods = simulatedPods({ seed: 1, node: 0, gpus });
    for (const gpu of [0, 1, 2, gpus - 1]) {
      if (gpu < gpus) expect(holdersOf(pods, gpu)).toHaveLength(1);
    }
  }
  const all = fleet.flatMap((key) => {
    const pods = simulatedPods(key);
    return Array.from({ length: key.gpus }, (_, gpu) => holdersOf(pods, gpu).length > 0);
  });
  const free = all.filter((isHeld) => !isHeld).length / all.length;
  expect(free).toBeGreaterThan(0.03);
  expect(free).toBeLessThan(0.25);
});

test('a fleet has pods of every kind and tenants that have more than one', () => {
  const pods = fleet.slice(0, 20).flatMap(simulatedPods);
  expect(new Set(pods.map(({ kind }) => kind))).toEqual(new Set(['training', 'inference', 'notebook']));
  expect(new Set(pods.map(({ namespace }) => namespace))).toEqual(
    new Set(['team-a', 'team-b', 'research', 'inference']),
  );
  expect(pods.some(({ gpus }) => gpus.length >= 4)).toBe(true);
});
