import fc from 'fast-check';
import type { Owner } from '../../../../exporters/gpu/attribution/attribution.ts';
import {
  type DeviceUse,
  devicesOf,
  divideBusy,
  divideMemory,
  type OwnerOf,
} from '../../../../exporters/gpu/attribution/shares.ts';
import type { GpuProcess, MigInstance } from '../../../../exporters/gpu/reading.ts';
import { gpuReading } from '../../../support/node-state.ts';

function pod(name: string): Owner & { readonly kind: 'pod' } {
  return { kind: 'pod', namespace: 'ml', pod: name, container: 'main' };
}

const unattributed: Owner = { kind: 'unattributed' };
/** Pids 1 to 9 are those of pods a, b, c; the others are nobody's. */
const ownerOf: OwnerOf = (_, { pid }) => (pid < 10 ? pod(['a', 'b', 'c'][pid % 3] ?? '') : unattributed);

function use(changes: Partial<DeviceUse>): DeviceUse {
  return {
    device: { index: 0, uuid: 'GPU-0' },
    usedBytes: 1000,
    busyRatio: 0.5,
    processes: [],
    smMeasured: true,
    ...changes,
  };
}

function amounts(parts: readonly { readonly owner: Owner; readonly amount: number }[] | undefined) {
  return parts?.map(({ owner, amount }) => [owner.kind === 'pod' ? owner.pod : owner.kind, amount]);
}

describe('memory', () => {
  test('is summed by owner, and the rest is unattributed', () => {
    const processes: readonly GpuProcess[] = [
      { pid: 3, usedMemoryBytes: 100 },
      { pid: 6, usedMemoryBytes: 200 },
      { pid: 1, usedMemoryBytes: 300 },
      { pid: 2 },
      { pid: 11, usedMemoryBytes: 50 },
    ];
    expect(amounts(divideMemory(use({ processes }), ownerOf))).toEqual([
      ['a', 300],
      ['b', 300],
      ['c', 0],
      ['unattributed', 400],
    ]);
  });

  test('is scaled down where processes report more than the device', () => {
    const processes = [
      { pid: 3, usedMemoryBytes: 1500 },
      { pid: 1, usedMemoryBytes: 501 },
    ];
    expect(amounts(divideMemory(use({ processes }), ownerOf))).toEqual([
      ['a', 749],
      ['b', 250],
      ['unattributed', 1],
    ]);
  });

  test('of a device that does not tell is not divided', () => {
    expect(divideMemory(use({ usedBytes: undefined, processes: [{ pid: 1, usedMemoryBytes: 5 }] }), ownerOf)).toBe(
      undefined,
    );
  });

  test('of an idle device is all unattributed, also if it is 0', () => {
    expect(amounts(divideMemory(use({ usedBytes: 0 }), ownerOf))).toEqual([['unattributed', 0]]);
  });
});

describe('computing time', () => {
  const window = { busySeconds: 5, windowSeconds: 10 };

  test('is divided by what processes had, and the rest is unattributed', () => {
    const processes = [{ pid: 3, smRatio: 0.2 }, { pid: 1, smRatio: 0.1 }, { pid: 2 }];
    expect(amounts(divideBusy(use({ processes }), window, ownerOf, []))).toEqual([
      ['a', 2],
      ['b', 1],
      ['c', 0],
      ['unattributed', 2],
    ]);
  });

  test('is scaled down where processes overlap', () => {
    const processes = [
      { pid: 3, smRatio: 0.5 },
      { pid: 1, smRatio: 0.5 },
    ];
    expect(amounts(divideBusy(use({ processes }), window, ownerOf, []))).toEqual([
      ['a', 2.5],
      ['b', 2.5],
      ['unattributed', 0],
    ]);
  });

  test('of a device whose processes are not measured goes to the only owner', () => {
    const processes = [{ pid: 3 }, { pid: 6 }];
    expect(amounts(divideBusy(use({ processes, smMeasured: false }), window, ownerOf, []))).toEqual([
      ['a', 5],
      ['unattributed', 0],
    ]);
  });

  test('of a device whose processes are not measured goes to nobody among several owners', () => {
    const processes = [{ pid: 3 }, { pid: 1 }];
    const parts = divideBusy(use({ processes, smMeasured: false }), window, ownerOf, [pod('a')]);
    expect(amounts(parts)).toEqual([
      ['unattributed', 5],
      ['a', 0],
      ['b', 0],
    ]);
  });

  test('goes to nobody while a process of the whole GPU cannot be seen', () => {
    const processes = [{ pid: 3 }, { pid: 11 }];
    const parts = divideBusy(use({ processes, smMeasured: false }), window, ownerOf, [pod('a')]);
    expect(amounts(parts)).toEqual([
      ['unattributed', 5],
      ['a', 0],
    ]);
  });

  const instance = { index: 0, uuid: 'GPU-0', gpuInstanceId: 3 };
  test.each([
    ['its only holder, also if the processes cannot be seen', [{ pid: 11 }], [pod('a')], 'a'],
    ['its only holder if there is no process', [], [pod('a')], 'a'],
    ['the owner of its processes without a holder', [{ pid: 3 }], [], 'a'],
    ['nobody with two holders', [], [pod('a'), pod('b')], 'unattributed'],
    ['nobody without holder and processes', [], [], 'unattributed'],
  ])('of an instance goes to %s', (_, processes, holders, expected) => {
    const parts = divideBusy(use({ device: instance, processes, smMeasured: false }), window, ownerOf, holders);
    expect(parts.filter(({ amount }) => amount > 0).map(({ owner }) => owner)).toEqual([
      expected === 'a' ? pod('a') : unattributed,
    ]);
  });
});

const processes: fc.Arbitrary<readonly GpuProcess[]> = fc.array(
  fc.record({
    pid: fc.integer({ min: 1, max: 15 }),
    usedMemoryBytes: fc.option(fc.integer({ min: 0, max: 200_000_000_000 }), { nil: undefined }),
    smRatio: fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: undefined }),
  }),
);

test('whatever processes report, parts of memory add up to the device and none is negative', () => {
  fc.assert(
    fc.property(processes, fc.integer({ min: 0, max: 200_000_000_000 }), (list, usedBytes) => {
      const parts = divideMemory(use({ processes: list, usedBytes }), ownerOf) ?? [];
      expect(parts.reduce((sum, { amount }) => sum + amount, 0)).toBe(usedBytes);
      expect(parts.every(({ amount }) => amount >= 0 && Number.isInteger(amount))).toBe(true);
      expect(parts.filter(({ owner }) => owner.kind === 'unattributed')).toHaveLength(1);
    }),
  );
});

test('whatever processes report, parts of computing time add up to the device and none is negative', () => {
  const windows = fc
    .record({
      ratio: fc.double({ min: 0, max: 1, noNaN: true }),
      windowSeconds: fc.double({ min: 0, max: 600, noNaN: true }),
    })
    .map(({ ratio, windowSeconds }) => ({ busySeconds: ratio * windowSeconds, windowSeconds }));
  fc.assert(
    fc.property(processes, windows, fc.boolean(), (list, window, smMeasured) => {
      const parts = divideBusy(use({ processes: list, smMeasured }), window, ownerOf, [pod('a')]);
      expect(parts.reduce((sum, { amount }) => sum + amount, 0)).toBeCloseTo(window.busySeconds, 9);
      expect(parts.every(({ amount }) => amount >= 0)).toBe(true);
      expect(parts.filter(({ owner }) => owner.kind === 'unattributed')).toHaveLength(1);
    }),
  );
});

describe('devices', () => {
  const memory = { totalBytes: 100, usedBytes: 60, freeBytes: 40 };
  const utilization = { gpuRatio: 0.7, memoryControllerRatio: 0 };
  const list = [
    { pid: 1, gpuInstanceId: 1 },
    { pid: 2, gpuInstanceId: 2 },
  ];

  test('are whole GPUs without MIG', () => {
    const gpu = gpuReading({ memory, utilization, processes: { list: [{ pid: 1 }], smMeasured: true } });
    expect(devicesOf(gpu)).toEqual([
      { device: gpuDevice, usedBytes: 60, busyRatio: 0.7, processes: [{ pid: 1 }], smMeasured: true },
    ]);
  });

  test('are the instances with MIG, each GPU instance once, and the GPU is none', () => {
    const one: MigInstance = {
      gpuInstanceId: 1,
      computeInstanceId: 0,
      uuid: 'MIG-1',
      memory: { ...memory, usedBytes: 10 },
      activity: { smRatio: 0.4 },
    };
    const instances = [one, { ...one, computeInstanceId: 1, uuid: 'MIG-1b' }, { ...one, gpuInstanceId: 2 }];
    const mig = { enabled: true, instances };
    const gpu = gpuReading({ memory, utilization, mig, processes: { list, smMeasured: true } });
    expect(devicesOf(gpu)).toEqual(
      [1, 2].map((gpuInstanceId) => ({
        device: { ...gpuDevice, gpuInstanceId },
        usedBytes: 10,
        busyRatio: 0.4,
        processes: list.filter((process) => process.gpuInstanceId === gpuInstanceId),
        smMeasured: false,
      })),
    );
  });
});

test('a process whose instance is not known is counted on its GPU, of which nothing is divided', () => {
  const memory = { totalBytes: 100, usedBytes: 60, freeBytes: 40 };
  const instances = [{ gpuInstanceId: 1, computeInstanceId: 0, uuid: 'MIG-1', memory }];
  const list = [{ pid: 1, usedMemoryBytes: 50 }];
  const gpu = gpuReading({ memory, mig: { enabled: true, instances }, processes: { list, smMeasured: false } });
  const [instance, whole] = devicesOf(gpu);
  expect(instance?.processes).toEqual([]);
  expect(whole).toEqual({
    device: gpuDevice,
    usedBytes: undefined,
    busyRatio: undefined,
    processes: list,
    smMeasured: false,
  });
});

const gpuDevice = { index: 0, uuid: 'GPU-0' };
