import type { AttributionState } from '../../../exporters/gpu/attribution/attribution.ts';
import { startNodeSnapshot } from '../../../exporters/gpu/node-snapshot.ts';
import type { GpuSource, NodeState } from '../../../exporters/gpu/sources/source.ts';
import { renderExposition } from '../../../kit/exposition/render.ts';
import type { Log } from '../../../kit/log.ts';
import { createSelfMetrics } from '../../../kit/self-metrics.ts';
import { expectGolden } from '../../support/golden.ts';
import { gpuReading, nodeReading, nodeState } from '../../support/node-state.ts';

const quiet: Log = { debug() {}, info() {}, warn() {}, error() {}, setLevel() {} };
const readAt = nodeReading([]).takenAtSeconds;

let now = readAt;
const clock = { now: () => now, monotonic: () => 1 };

/** A source that a test plays by hand. */
function playedSource(first: NodeState): GpuSource & { readonly show: (next: NodeState) => Promise<void> } {
  let state = first;
  let notify = (): void => {};
  return {
    state: () => state,
    start: (onChange) => {
      notify = onChange;
      onChange();
    },
    stop: async () => {},
    show: async (next) => {
      state = next;
      notify();
      await settled();
    },
  };
}

/** Lets the collectors, which run as promises, come to their end. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
}

const working = nodeState({ reading: nodeReading([gpuReading({ thermal: { coreCelsius: 61 } })]), enumerated: 1 });

beforeEach(() => {
  now = readAt;
});

test('a scrape shows the last reading with its age at the time of the scrape', async () => {
  const snapshot = startNodeSnapshot(playedSource(working), {}, { clock, log: quiet });
  await settled();
  now = readAt + 4.5;
  const text = renderExposition('text', snapshot.families());
  expect(text).toContain('gpu_temperature_celsius{gpu_id="0",uuid="GPU-0"} 61\n');
  expect(text).toContain('fleetlens_snapshot_age_seconds 4.5\n');
  expect(snapshot.notReady()).toBeUndefined();
});

test('when the driver hangs the readings go, their age stays, and it is not ready', async () => {
  const source = playedSource(working);
  const snapshot = startNodeSnapshot(source, {}, { clock, log: quiet });
  await settled();
  now = readAt + 10;
  await source.show(nodeState({ driver: 'unresponsive' }));
  const text = renderExposition('text', snapshot.families());
  expect(text).not.toContain('gpu_temperature_celsius');
  expect(text).toContain('gpu_driver_responsive 0\n');
  expect(text).toContain('fleetlens_collector_success{collector="thermal"} 0\n');
  expect(text).toContain('fleetlens_snapshot_age_seconds 10\n');
  expect(snapshot.notReady()).toBe('the driver is unresponsive');
});

test('before the first reading there is no age, and it says what it waits for', async () => {
  const snapshot = startNodeSnapshot(playedSource(nodeState({ driver: 'starting' })), {}, { clock, log: quiet });
  await settled();
  expect(renderExposition('text', snapshot.families())).not.toContain('fleetlens_snapshot_age_seconds');
  expect(snapshot.notReady()).toBe('the first reading is under way');
});

test('golden: what every daemon says about itself', async () => {
  const self = createSelfMetrics({ daemon: 'gpu', version: '0.0.0' }, clock);
  self.configLoaded(true);
  self.rendered(0.0007);
  self.rejected('concurrency');
  const snapshot = startNodeSnapshot(playedSource(working), {}, { clock, log: quiet });
  await settled();
  now = readAt + 2;
  const families = [...snapshot.families(), ...(await self.families())].filter(({ name }) =>
    name.startsWith('fleetlens_'),
  );
  const text = renderExposition('text', families).replace(/nodejs="[^"]+"/, 'nodejs="20.0.0"');
  expectGolden('fleetlens/self.prom', text);
});

test('with fewer GPUs than expected it is not ready and says so', () => {
  const twoOfThree = nodeState({
    reading: nodeReading([
      gpuReading({ index: 0 }),
      gpuReading({ index: 1 }),
      gpuReading({ index: 2, failure: 'gpu_is_lost' }),
    ]),
  });
  const notReady = (expected: number | undefined) =>
    startNodeSnapshot(playedSource(twoOfThree), { expected }, { clock, log: quiet }).notReady();
  expect(notReady(3)).toBe('2 GPUs answer, --gpu.expected is 3');
  expect(notReady(2)).toBeUndefined();
  expect(notReady(undefined)).toBeUndefined();
});

test('while the driver is let go of it is not ready and says until when', () => {
  const released = nodeState({ driver: 'released', releasedUntilSeconds: 1_700_000_000 });
  const snapshot = startNodeSnapshot(playedSource(released), {}, { clock, log: quiet });
  expect(snapshot.notReady()).toBe('the driver is let go of until 2023-11-14T22:13:20.000Z');
});

describe('what attribution has to say', () => {
  const state: AttributionState = {
    sources: {},
    allocations: [
      {
        device: { index: 0, uuid: 'GPU-0' },
        holder: { kind: 'pod', namespace: 'ml', pod: 'a', container: 'main' },
        replicas: 1,
      },
    ],
    allocatedTimes: [],
    shares: [],
    deviceSmSeconds: [],
    processCounts: [],
    podLabels: [],
    resources: [],
    dropped: { too_many_pods: 0, too_many_processes: 0, too_many_jobs: 0, unknown_device: 0, bad_entry: 0 },
  };

  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  /** A node whose pods become known after its first reading. */
  function startWithPods() {
    let known: AttributionState = { ...state, allocations: [] };
    let notify = (): void => {};
    const attribution = {
      start: (onChange: () => void) => {
        notify = onChange;
      },
      observe: () => {},
      state: () => known,
      stop: async () => {},
    };
    const source = playedSource(working);
    const snapshot = startNodeSnapshot(source, {}, { clock, log: quiet, attribution });
    const showsPods = (): boolean => snapshot.families().some(({ name }) => name === 'gpu_pod_info');
    const learn = (): void => {
      known = state;
      notify();
    };
    return { source, snapshot, showsPods, learn };
  }

  test('waits for the next reading, because all samples are made anew each time', async () => {
    const { source, showsPods, learn } = startWithPods();
    await settled();
    learn();
    await settled();
    expect(showsPods()).toBe(false);
    await source.show(working);
    expect(showsPods()).toBe(true);
    expect(jest.getTimerCount()).toBe(0);
  });

  test('is shown by itself if no reading comes, as while the driver hangs', async () => {
    const { snapshot, showsPods, learn } = startWithPods();
    await settled();
    learn();
    learn();
    jest.advanceTimersByTime(6_000);
    await settled();
    expect(showsPods()).toBe(true);
    learn();
    await snapshot.stop();
    expect(jest.getTimerCount()).toBe(0);
  });
});
