import type { AttributionState } from '../../../../exporters/gpu/attribution/attribution.ts';
import { createSimulatedAttribution } from '../../../../exporters/gpu/sources/simulated/simulated-attribution.ts';
import { simulatedPods } from '../../../../exporters/gpu/sources/simulated/simulated-pods.ts';
import { createSimulatedSource } from '../../../../exporters/gpu/sources/simulated/simulated-source.ts';

let seconds = 0;
const clock = { now: () => 1_700_000_000 + seconds, monotonic: () => seconds };
/** Its last GPU is shared by three pods. */
const key = { seed: 1, node: 1, gpus: 8 };

beforeEach(() => {
  jest.useFakeTimers();
  seconds = 0;
});
afterEach(() => {
  jest.useRealTimers();
});

/** What is known after so many seconds of readings, as the exporter of a node sees it. */
async function after(to: number, { podLabels = [] as readonly string[], node = key.node, lost = false } = {}) {
  seconds = 0;
  const settings = { ...key, node };
  const scenario = lost ? 'gpu-lost' : 'healthy';
  const source = createSimulatedSource({ ...settings, scenario, collectSeconds: 2 }, { clock });
  const attribution = createSimulatedAttribution({ ...settings, podLabels, retentionSeconds: 3600 }, { clock });
  let busySeconds = 0;
  let readAt: number | undefined;
  attribution.start(() => {});
  source.start(() => {
    const { reading } = source.state();
    const step = seconds - (readAt ?? seconds);
    readAt = seconds;
    for (const gpu of reading?.gpus ?? []) busySeconds += (gpu.utilization?.gpuRatio ?? 0) * step;
    attribution.observe(reading);
  });
  while (seconds < to) {
    seconds++;
    jest.advanceTimersByTime(1001);
  }
  await source.stop();
  return { state: attribution.state(), gpus: source.state().reading?.gpus ?? [], busySeconds };
}

const sum = (values: readonly (number | undefined)[]): number =>
  values.reduce((total: number, value) => total + (value ?? 0), 0);
const sharesOn = ({ shares }: AttributionState, gpu: number) => shares.filter(({ device }) => device.index === gpu);

test('every pod has what the model gave it, and a shared GPU has three', async () => {
  const { state } = await after(10);
  const held = state.allocations.map(({ device, holder }) => [device.index, 'pod' in holder ? holder.pod : '']);
  expect(held).toEqual(simulatedPods(key).flatMap(({ gpus, name }) => gpus.map((gpu) => [gpu, name])));
  expect(held.filter(([gpu]) => gpu === 7)).toHaveLength(3);
  expect(Object.values(state.dropped)).toEqual([0, 0, 0, 0, 0]);
  expect(state.sources).toEqual({ pod_resources: true, pod_list: true, processes: true });
});

test('the kubelet tells whole GPUs and replicas of the shared one', async () => {
  const whole = sum(simulatedPods(key).map(({ gpus, replica }) => (replica === undefined ? gpus.length : 0)));
  const { state } = await after(10);
  expect(state.resources).toEqual([
    { resource: 'nvidia.com/gpu', allocatable: 7, allocated: whole },
    { resource: 'nvidia.com/gpu.shared', allocatable: 4, allocated: 3 },
  ]);
  expect((await after(10, { node: 0 })).state.resources).toMatchObject([{ allocatable: 8 }]);
});

test('memory and computing time of a GPU are divided among the pods that caused them', async () => {
  const { state, gpus, busySeconds } = await after(300);
  for (const { index, memory, processes } of gpus) {
    const shares = sharesOn(state, index);
    expect(sum(shares.map(({ memoryBytes }) => memoryBytes))).toBe(memory?.usedBytes);
    expect(shares.filter(({ owner }) => owner.kind === 'pod')).toHaveLength(processes?.list.length ?? 0);
  }
  const ofDevices = sum(state.deviceSmSeconds.map((each) => each.seconds));
  expect(ofDevices).toBeCloseTo(busySeconds, 6);
  expect(ofDevices).toBeGreaterThan(300);
  expect(sum(state.shares.map(({ smSeconds }) => smSeconds))).toBeCloseTo(ofDevices, 6);
  const nobodys = state.shares.filter(({ owner }) => owner.kind === 'unattributed');
  expect(sum(nobodys.map(({ smSeconds }) => smSeconds))).toBeLessThan(ofDevices * 0.01);
});

test('allocated time runs for all holders, and those who share a GPU share its time', async () => {
  const { state } = await after(120);
  const shared = state.allocatedTimes.filter(({ device }) => device.index === 7);
  const seen = shared[0]?.seconds ?? 0;
  expect(seen).toBeGreaterThan(110);
  expect(shared.map((each) => each.seconds)).toEqual([seen, seen, seen]);
  expect(sum(shared.map(({ shareSeconds }) => shareSeconds))).toBeCloseTo(seen, 6);
  expect(state.allocatedTimes).toHaveLength(state.allocations.length);
});

test('labels of pods are shown only where they are allowed', async () => {
  expect((await after(10)).state.podLabels).toEqual([]);
  const { podLabels } = (await after(10, { podLabels: ['team'] })).state;
  expect(podLabels).toHaveLength(simulatedPods(key).length);
  expect(new Set(podLabels.map(({ label }) => label))).toEqual(new Set(['team']));
});

test('a GPU that is lost is still allocated', async () => {
  const { state, gpus } = await after(40, { node: 0, lost: true });
  expect(gpus[0]?.failure).toBe('gpu_is_lost');
  expect(state.allocations.some(({ device }) => device.index === 0)).toBe(true);
  expect(state.allocatedTimes.find(({ device }) => device.index === 0)?.seconds).toBeGreaterThan(35);
});
