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
    jest.advanceTimersByTime(step * 1000);
  }
}

function after(scenario: ScenarioName, to: number, options: { node?: number; seed?: number } = {}): NodeState {
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

test('ecc-ramp: correctable errors grow faster and faster, then an uncorrectable one comes with its XIDs', () => {
  const source = start('ecc-ramp');
  const counts = [20, 30, 40, 50].map((to) => {
    advance(to);
    return source.state().reading?.gpus[1]?.ecc?.correctableVolatile ?? 0;
  });
  const growth = counts.slice(1).map((count, index) => count - (counts[index] ?? 0));
  expect(growth[1]).toBeGreaterThan(growth[0] ?? 0);
  expect(growth[2]).toBeGreaterThan(growth[1] ?? 0);
  advance(62);
  expect(source.state().reading?.gpus[1]?.ecc?.uncorrectableVolatile).toBe(1);
  expect(
    source
      .state()
      .xids.filter(({ count }) => count > 0)
      .map(({ xid }) => xid),
  ).toEqual([48, 94]);
});

test('gpu-lost: the GPU goes without an XID', () => {
  const state = after('gpu-lost', 30);
  expect(state.reading?.gpus.map(({ failure }) => failure)).toEqual(['gpu_is_lost', undefined, undefined, undefined]);
  expect(state.xids.every(({ count }) => count === 0)).toBe(true);
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
