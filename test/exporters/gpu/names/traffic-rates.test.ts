import { createTrafficMeter, type TrafficRates } from '../../../../exporters/gpu/names/traffic-rates.ts';
import type { GpuReading, NodeReading, Tier, Traffic } from '../../../../exporters/gpu/reading.ts';
import { gpuReading, nodeReading } from '../../../support/node-state.ts';

interface Step {
  readonly at: number;
  readonly traffic?: Traffic;
  readonly gpu?: Partial<GpuReading>;
  readonly tiers?: readonly Tier[];
  readonly reloads?: number;
  readonly hung?: boolean;
}

/** The rates of one GPU after these steps. */
function after(...steps: readonly Step[]): TrafficRates {
  const meter = createTrafficMeter();
  for (const step of steps) meter.update(step.hung === true ? undefined : readingOf(step), step.reloads ?? 0);
  return meter.of('GPU-0');
}

function readingOf({ at, traffic, gpu, tiers = ['fast'] }: Step): NodeReading {
  return { ...nodeReading([gpuReading({ traffic, ...gpu })]), takenAtSeconds: at, tiers };
}

const pcie = (pcieTransmitBytes: number): Traffic => ({ pcieTransmitBytes, nvlinks: [] });
const links = (...nvlinks: Traffic['nvlinks']): Traffic => ({ nvlinks });

test('the first reading has no rate, the second one has', () => {
  expect(after({ at: 10, traffic: pcie(100) })).toEqual({});
  expect(after({ at: 10, traffic: pcie(100) }, { at: 14, traffic: pcie(500) }).pcieTransmit).toBe(100);
  expect(after({ at: 10, traffic: pcie(100) }, { at: 14, traffic: pcie(100) }).pcieTransmit).toBe(0);
});

test('what is not counted has no rate', () => {
  expect(after({ at: 10, traffic: pcie(100) }, { at: 14, traffic: pcie(500) })).toEqual({ pcieTransmit: 100 });
});

test('a counter that went back has no rate, and has one again after that', () => {
  const back: readonly Step[] = [
    { at: 10, traffic: pcie(1000) },
    { at: 12, traffic: pcie(10) },
  ];
  expect(after(...back).pcieTransmit).toBeUndefined();
  expect(after(...back, { at: 14, traffic: pcie(30) }).pcieTransmit).toBe(10);
});

test('no rate spans a driver that hung, a GPU that failed, traffic that failed, or a driver that was loaded anew', () => {
  const first = { at: 10, traffic: pcie(0) };
  const last = { at: 20, traffic: pcie(1000) };
  expect(after(first, { at: 15, hung: true }, last)).toEqual({});
  expect(after(first, { at: 15, gpu: { failure: 'gpu_is_lost' } }, last)).toEqual({});
  expect(after(first, { at: 15 }, last)).toEqual({});
  expect(after(first, { ...last, reloads: 1 })).toEqual({});
  expect(after(first, last).pcieTransmit).toBe(100);
});

test('a state that repeats the reading, or in which traffic was not due, keeps the rate', () => {
  const rated: readonly Step[] = [
    { at: 10, traffic: pcie(0) },
    { at: 12, traffic: pcie(200) },
  ];
  expect(after(...rated, { at: 12, traffic: pcie(200) }).pcieTransmit).toBe(100);
  expect(after(...rated, { at: 13, traffic: pcie(200), tiers: ['processes'] }).pcieTransmit).toBe(100);
});

test('a clock that was set back gives no rate', () => {
  expect(after({ at: 10, traffic: pcie(0) }, { at: 8, traffic: pcie(200) })).toEqual({});
});

test('links are summed in both directions; one that comes or goes adds nothing at once', () => {
  const first = links({ link: 0, transmitBytes: 0, receiveBytes: 0 }, { link: 1, transmitBytes: 5000 });
  const second = links({ link: 0, transmitBytes: 10, receiveBytes: 20 }, { link: 2, transmitBytes: 9000 });
  expect(after({ at: 10, traffic: first }, { at: 20, traffic: second }).nvlink).toBe(3);
});

test('where the GPU gives the sum, that alone counts', () => {
  const at = (transmitBytes: number) => links({ link: 'all', transmitBytes }, { link: 0, transmitBytes });
  expect(after({ at: 10, traffic: at(0) }, { at: 20, traffic: at(100) }).nvlink).toBe(10);
});
