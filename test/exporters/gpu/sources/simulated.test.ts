import { families, type GpuReading, type NvLink } from '../../../../exporters/gpu/reading.ts';
import { type ScenarioName, scenarioNames } from '../../../../exporters/gpu/sources/simulated/scenarios.ts';
import { createSimulatedSource } from '../../../../exporters/gpu/sources/simulated/simulated-source.ts';
import type { GpuSource, NodeState } from '../../../../exporters/gpu/sources/source.ts';

let seconds = 0;
const clock = { now: () => 1_700_000_000 + seconds, monotonic: () => seconds };

beforeEach(() => {
  jest.useFakeTimers();
  seconds = 0;
});
afterEach(() => {
  jest.useRealTimers();
});

function start(scenario: ScenarioName, { node = 0, seed = 1, gpus = 4 } = {}): GpuSource {
  const source = createSimulatedSource({ seed, node, gpus, scenario, collectSeconds: 2 }, { clock });
  source.start(() => {});
  return source;
}

function advance(to: number, step = 2): void {
  while (seconds < to) {
    seconds += step;
    // A beat takes its turn after I/O, which is a moment later.
    jest.advanceTimersByTime(step * 1000 + 1);
  }
}

function after(
  scenario: ScenarioName,
  to: number,
  options: { node?: number; seed?: number; gpus?: number } = {},
): NodeState {
  seconds = 0;
  const source = start(scenario, options);
  advance(to);
  return source.state();
}

const celsius = (state: NodeState): readonly (number | undefined)[] =>
  (state.reading?.gpus ?? []).map(({ thermal }) => thermal?.coreCelsius);

test.each(scenarioNames)('%s is the same at every run of one seed, and other with another', (scenario) => {
  const first = after(scenario, 90);
  expect(after(scenario, 90)).toEqual(first);
  expect(after(scenario, 90, { seed: 2 })).not.toEqual(first);
});

test('what it shows does not depend on how often it is asked', () => {
  const often = start('ecc-ramp');
  advance(60, 2);
  const oftenState = often.state();
  seconds = 0;
  const seldom = createSimulatedSource(
    { seed: 1, node: 0, gpus: 4, scenario: 'ecc-ramp', collectSeconds: 60 },
    { clock },
  );
  seldom.start(() => {});
  advance(60, 60);
  expect(seldom.state().reading).toEqual(oftenState.reading);
});

test('healthy: every GPU answers and stays below its limit', () => {
  const state = after('healthy', 600);
  expect(state.reading?.gpus.every(({ failure }) => failure === undefined)).toBe(true);
  expect(celsius(state).every((value) => value !== undefined && value < 80)).toBe(true);
  expect(state.xids.every(({ count }) => count === 0)).toBe(true);
});

test('overheat: two GPUs of the first node pass their slowdown limit and throttle, nobody else does', () => {
  const state = after('overheat', 60);
  const limit = state.reading?.gpus[0]?.thermal?.slowdownCelsius ?? 0;
  expect(celsius(state).map((value) => (value ?? 0) >= limit)).toEqual([true, true, false, false]);
  expect(state.reading?.gpus[0]?.clocks?.activeReasons).toContain('hw_thermal');
  expect(celsius(after('overheat', 60, { node: 1 })).every((value) => (value ?? 0) < 80)).toBe(true);
});

test('xid79: the code is counted once, then the GPU is lost', () => {
  const state = after('xid79', 40);
  expect(state.xids.filter(({ count }) => count > 0).map(({ index, xid, count }) => [index, xid, count])).toEqual([
    [3, 79, 1],
  ]);
  expect(state.reading?.gpus.map(({ failure }) => failure)).toEqual([undefined, undefined, undefined, 'gpu_is_lost']);
});

test('ecc-ramp: correctable errors grow faster and faster, then an uncorrectable one comes with its XIDs and a row to remap', () => {
  const source = start('ecc-ramp');
  const struck = (): GpuReading | undefined => source.state().reading?.gpus[1];
  const counts = [20, 30, 40, 50].map((to) => {
    advance(to);
    return struck()?.ecc?.correctableVolatile ?? 0;
  });
  const growth = counts.slice(1).map((count, index) => count - (counts[index] ?? 0));
  expect(growth[1]).toBeGreaterThan(growth[0] ?? 0);
  expect(growth[2]).toBeGreaterThan(growth[1] ?? 0);
  expect(struck()?.rows).toMatchObject({ uncorrectable: 0, pending: false });
  expect(struck()?.recovery).toEqual({ action: 'none' });
  advance(62);
  expect(struck()?.ecc?.uncorrectableVolatile).toBe(1);
  expect(struck()?.rows).toMatchObject({ uncorrectable: 1, pending: true, failure: false });
  expect(struck()?.recovery).toEqual({ action: 'gpu_reset' });
  expect(xidsOf(source.state())).toEqual([48, 63, 94]);
  expect(source.state().reading?.gpus[0]?.recovery).toEqual({ action: 'none' });
});

test('nvlink-flap: one link shows errors, goes down with XID 74 and comes back; the others carry on', () => {
  const source = start('nvlink-flap');
  const links = (gpu = 2): NvLink['links'] => source.state().reading?.gpus[gpu]?.nvlink?.links ?? [];
  const bytes = (link: number): number | undefined =>
    source.state().reading?.gpus[2]?.traffic?.nvlinks[link]?.transmitBytes;
  advance(8);
  expect(links().every(({ up, crcFlitErrors }) => up === true && crcFlitErrors === 0)).toBe(true);
  advance(18);
  expect(links()[5]).toMatchObject({ up: true, crcFlitErrors: 108, replays: 27, recoveries: 0 });
  expect(xidsOf(source.state())).toEqual([]);
  advance(30);
  const before = [bytes(4), bytes(5)];
  advance(40);
  expect(links().filter(({ up }) => up === false)).toEqual([expect.objectContaining({ link: 5 })]);
  expect(xidsOf(source.state())).toEqual([74]);
  expect(bytes(5)).toBe(before[1]);
  expect(bytes(4)).toBeGreaterThan(before[0] ?? 0);
  advance(62);
  expect(links()[5]).toMatchObject({ up: true, recoveries: 1 });
  expect(bytes(5)).toBeGreaterThan(before[1] ?? 0);
  advance(102);
  expect(links()[5]?.up).toBe(false);
  expect([...links(0), ...links(1), ...links(3)].every(({ up }) => up)).toBe(true);
});

test('gpu-lost: the GPU goes without an XID', () => {
  const state = after('gpu-lost', 30);
  expect(state.reading?.gpus.map(({ failure }) => failure)).toEqual(['gpu_is_lost', undefined, undefined, undefined]);
  expect(state.xids.every(({ count }) => count === 0)).toBe(true);
});

test('training-stall: the GPUs of the first pod are idle from second 40 on, and their processes stay', () => {
  expect(ratios(after('training-stall', 38)).every((ratio) => (ratio ?? 0) > 0.8)).toBe(true);
  const state = after('training-stall', 60, { gpus: 8 });
  expect(ratios(state)).toEqual([0, 0, 0, 0]);
  expect([0, 1, 2, 3].map((gpu) => state.reading?.gpus[gpu]?.processes?.list.length)).toEqual([1, 1, 1, 1]);
  expect(state.reading?.gpus[6]?.utilization?.gpuRatio).toBeGreaterThan(0.5);
  expect(ratios(after('training-stall', 60, { node: 2 })).every((ratio) => (ratio ?? 0) > 0.8)).toBe(true);
});

test('rollback: the GPUs of the first pod are idle between the crash and the restart', () => {
  expect(ratios(after('rollback', 70))).toEqual([0, 0, 0, 0]);
  expect(ratios(after('rollback', 80)).every((ratio) => (ratio ?? 0) > 0.8)).toBe(true);
});

test('straggler: one GPU of the first pod is held down by a lower power limit, the others wait for it: busy, and draw less', () => {
  const before = after('straggler', 28);
  const now = after('straggler', 60);
  const gpu = (state: NodeState, index: number): GpuReading | undefined => state.reading?.gpus[index];
  expect(gpu(now, 2)?.power?.limitWatts?.enforced).toBe(350);
  expect(gpu(now, 2)?.power?.watts).toBe(350);
  expect(gpu(now, 2)?.clocks?.activeReasons).toEqual(['sw_power_cap']);
  expect(gpu(now, 2)?.clocks?.smHertz).toBeLessThan(0.7 * (gpu(before, 2)?.clocks?.smHertz ?? 0));
  for (const index of [0, 1, 3]) {
    expect(gpu(now, index)?.utilization?.gpuRatio).toBeGreaterThan(0.8);
    expect(gpu(now, index)?.power?.watts).toBeLessThan(0.8 * (gpu(before, index)?.power?.watts ?? 0));
    expect(gpu(now, index)?.activity?.tensorRatio).toBeLessThan(0.8 * (gpu(before, index)?.activity?.tensorRatio ?? 0));
    expect(gpu(now, index)?.power?.limitWatts?.enforced).toBe(700);
  }
});

test('training-nan: GPUs do not know', () => {
  expect(after('training-nan', 60).reading).toEqual(after('healthy', 60).reading);
});

test('energy is the power added up, and never goes back', () => {
  const source = start('healthy');
  advance(10);
  const before = source.state().reading?.gpus[0]?.power;
  advance(12);
  const now = source.state().reading?.gpus[0]?.power;
  const joules = (now?.energyJoules ?? 0) - (before?.energyJoules ?? 0);
  expect(joules).toBeGreaterThan(2 * 70);
  expect(joules).toBeLessThan(2 * 700);
});

test('a GPU shows every family that such a board has, and none that it has not', () => {
  const [gpu] = after('healthy', 10).reading?.gpus ?? [];
  const shown = families.filter((family) => gpu?.[family] !== undefined);
  expect(families.filter((family) => !shown.includes(family))).toEqual(['fan', 'pages', 'vgpu']);
  expect(gpu?.identity.minor).toBe(0);
  expect(gpu?.nvlink?.links).toHaveLength(18);
});

test('what a GPU shows follows from its processes: without one it is idle', () => {
  const state = after('healthy', 60, { node: 3, gpus: 16 });
  const gpus = state.reading?.gpus ?? [];
  const idle = gpus.filter(({ processes }) => processes?.list.length === 0);
  const busy = gpus.filter(({ processes }) => processes?.list.some(({ smRatio = 0 }) => smRatio > 0));
  expect(idle.length).toBeGreaterThan(0);
  expect(busy.length).toBeGreaterThan(4);
  for (const { utilization, activity, traffic, throttle, clocks } of idle) {
    expect(utilization?.gpuRatio).toBe(0);
    expect(activity).toMatchObject({ smRatio: 0, tensorRatio: 0, nvlinkTransmitBytesPerSecond: 0 });
    expect(traffic).toMatchObject({ pcieTransmitBytes: 0 });
    expect(throttle?.low_util).toBe(61);
    expect(clocks?.activeReasons).toEqual(['gpu_idle']);
  }
  for (const { utilization, memory, activity, processes } of busy) {
    const list = processes?.list ?? [];
    expect(sum(list.map(({ smRatio }) => smRatio))).toBeCloseTo(utilization?.gpuRatio ?? 0, 5);
    expect(sum(list.map(({ usedMemoryBytes }) => usedMemoryBytes))).toBeLessThan(memory?.usedBytes ?? 0);
    expect(memory?.freeBytes).toBeGreaterThan(0);
    expect(activity?.smRatio).toBeGreaterThan(0);
    expect(activity?.smRatio).toBeLessThanOrEqual(utilization?.gpuRatio ?? 0);
  }
});

test('only GPUs that work together talk over NVLink, and bytes add up to the rate', () => {
  const source = start('healthy');
  advance(10);
  const before = source.state().reading?.gpus[0];
  advance(11, 1);
  advance(12, 1);
  const now = source.state().reading?.gpus[0];
  const bytesOf = (gpu: GpuReading | undefined): number =>
    sum((gpu?.traffic?.nvlinks ?? []).map(({ receiveBytes }) => receiveBytes));
  const rate = (now?.activity?.nvlinkReceiveBytesPerSecond ?? 0) * 2;
  expect(bytesOf(now) - bytesOf(before)).toBeGreaterThan(rate * 0.8);
  expect(bytesOf(now) - bytesOf(before)).toBeLessThan(rate * 1.2);
});

test('a hot GPU counts the seconds for which it was held back', () => {
  const throttled = after('overheat', 120).reading?.gpus.map(({ throttle }) => throttle?.thermal ?? 0) ?? [];
  expect(throttled[0]).toBeGreaterThan(30);
  expect(throttled.slice(2)).toEqual([0, 0]);
});

/** How busy the GPUs of the first pod are. */
function ratios(state: NodeState): readonly (number | undefined)[] {
  return (state.reading?.gpus ?? []).slice(0, 4).map(({ utilization }) => utilization?.gpuRatio);
}

function sum(values: readonly (number | undefined)[]): number {
  return values.reduce((total: number, value) => total + (value ?? 0), 0);
}

function xidsOf({ xids }: NodeState): readonly number[] {
  return xids
    .filter(({ count }) => count > 0)
    .map(({ xid }) => xid)
    .sort((left, right) => left - right);
}
