import fc from 'fast-check';
import type { Owner } from '../../../../exporters/gpu/attribution/attribution.ts';
import { devicesOf } from '../../../../exporters/gpu/attribution/shares.ts';
import { createSmTime, type SmTime } from '../../../../exporters/gpu/attribution/sm-time.ts';
import type { GpuProcess } from '../../../../exporters/gpu/reading.ts';
import { gpuReading, nodeReading } from '../../../support/node-state.ts';

const ownerOf = (_: unknown, { pid }: GpuProcess): Owner => ({ kind: 'job', jobId: String(pid) });
const division = { ownerOf, holdersOf: () => [] };

function reading(gpuRatio: number | undefined, list: readonly GpuProcess[] = []) {
  return nodeReading([
    gpuReading({
      utilization: gpuRatio === undefined ? undefined : { gpuRatio, memoryControllerRatio: 0 },
      processes: { list, smMeasured: true },
    }),
  ]);
}

function divide(time: SmTime, list: readonly GpuProcess[], now: number): readonly Owner[] {
  return time.divide(reading(1, list).gpus.flatMap(devicesOf), time.take(), division, now);
}

function seconds(time: SmTime): Readonly<Record<string, number>> {
  const parts = time.parts().map(({ owner, seconds }) => [owner.kind === 'job' ? owner.jobId : owner.kind, seconds]);
  return { ...Object.fromEntries(parts), device: time.devices()[0]?.seconds };
}

test('counters exist with 0 from the first reading on', () => {
  const time = createSmTime({ retentionSeconds: 60 });
  time.read(reading(0.5, [{ pid: 1 }]), 100);
  divide(time, [{ pid: 1 }], 100);
  expect(seconds(time)).toEqual({ device: 0, '1': 0, unattributed: 0 });
});

test('what the device did since the processes were read before is divided among them', () => {
  const time = createSmTime({ retentionSeconds: 60 });
  time.read(reading(1), 0);
  time.read(reading(0.5), 5);
  time.read(reading(1), 10);
  time.read(reading(0.5), 15);
  divide(time, [{ pid: 1, smRatio: 0.4 }], 15);
  expect(seconds(time)).toEqual({ device: 10, '1': 6, unattributed: 4 });
});

test('time in which the driver did not answer is not counted', () => {
  const time = createSmTime({ retentionSeconds: 60 });
  time.read(reading(1), 0);
  time.read(undefined, 100);
  time.read(reading(1), 200);
  time.read(reading(1), 205);
  divide(time, [], 205);
  expect(seconds(time)).toEqual({ device: 5, unattributed: 5 });
});

describe('of a device whose processes could not be listed', () => {
  test('the time is unattributed, also where somebody has it', () => {
    const time = createSmTime({ retentionSeconds: 60 });
    time.read(reading(1), 0);
    time.read(reading(0.5), 10);
    time.divide([], time.take(), { ownerOf, holdersOf: () => [{ kind: 'job', jobId: '1' }] }, 10);
    expect(seconds(time)).toEqual({ device: 5, unattributed: 5 });
    time.read(reading(0.5), 20);
    divide(time, [{ pid: 1, smRatio: 0.5 }], 20);
    expect(seconds(time)).toEqual({ device: 10, '1': 5, unattributed: 5 });
  });

  test('the time of an instance is of its only holder', () => {
    const time = createSmTime({ retentionSeconds: 60 });
    const instance = { gpuInstanceId: 3, computeInstanceId: 0, uuid: 'MIG-3', activity: { smRatio: 0.5 } };
    const mig = nodeReading([gpuReading({ mig: { enabled: true, instances: [instance] } })]);
    time.read(mig, 0);
    time.read(mig, 10);
    time.divide([], time.take(), { ownerOf, holdersOf: () => [{ kind: 'job', jobId: '1' }] }, 10);
    expect(seconds(time)).toEqual({ device: 5, '1': 5, unattributed: 0 });
  });

  test('nothing is divided twice', () => {
    const time = createSmTime({ retentionSeconds: 60 });
    time.read(reading(1), 0);
    time.read(reading(1), 10);
    time.divide([], time.take(), division, 10);
    time.divide([], time.take(), division, 10);
    expect(seconds(time)).toEqual({ device: 10, unattributed: 10 });
  });
});

test('a device whose utilization is not known has no time', () => {
  const time = createSmTime({ retentionSeconds: 60 });
  time.read(reading(undefined), 0);
  time.read(reading(undefined), 5);
  divide(time, [{ pid: 1, smRatio: 1 }], 5);
  expect(time.devices()).toEqual([]);
  expect(time.parts()).toEqual([]);
});

test('an owner that is gone is forgotten after the retention, and what the others get still adds up', () => {
  const time = createSmTime({ retentionSeconds: 60 });
  time.read(reading(1), 0);
  time.read(reading(1), 10);
  divide(time, [{ pid: 1, smRatio: 1 }], 10);
  time.read(reading(1), 20);
  divide(time, [{ pid: 2, smRatio: 0.5 }], 20);
  expect(seconds(time)).toEqual({ device: 20, '1': 10, '2': 5, unattributed: 5 });
  time.read(reading(1), 80);
  divide(time, [{ pid: 2, smRatio: 0.5 }], 80);
  expect(seconds(time)).toEqual({ device: 80, '2': 35, unattributed: 35 });
});

test('owners beyond the bound are told, and their part is unattributed', () => {
  const time = createSmTime({ retentionSeconds: 60, maxParts: 1 });
  time.read(reading(1), 0);
  time.read(reading(1), 10);
  const list = [1, 2, 3].map((pid) => ({ pid, smRatio: 0.25 }));
  expect(divide(time, list, 10)).toHaveLength(2);
  expect(seconds(time)).toEqual({ device: 10, '1': 2.5, unattributed: 7.5 });
});

test('over any history the parts add up to the device', () => {
  const ratio = fc.double({ min: 0, max: 1, noNaN: true });
  const process = fc.record({ pid: fc.integer({ min: 1, max: 5 }), smRatio: fc.option(ratio, { nil: undefined }) });
  const steps = fc.array(
    fc.record({
      wait: fc.double({ min: 0, max: 60, noNaN: true }),
      busy: fc.option(ratio, { nil: undefined }),
      list: fc.option(fc.array(process), { nil: undefined }),
    }),
  );
  fc.assert(
    fc.property(steps, (history) => {
      const time = createSmTime({ retentionSeconds: Number.MAX_VALUE });
      let now = 0;
      let computed = 0;
      let isLaterReading = false;
      for (const { wait, busy, list } of history) {
        now += wait;
        time.read(reading(busy, list), now);
        if (list === undefined) time.divide([], time.take(), division, now);
        else divide(time, list, now);
        if (busy !== undefined && isLaterReading) computed += busy * wait;
        isLaterReading = true;
      }
      const sum = time.parts().reduce((total, part) => total + part.seconds, 0);
      expect(sum).toBeCloseTo(computed, 6);
      expect(sum).toBeCloseTo(time.devices()[0]?.seconds ?? 0, 6);
    }),
  );
});
