import fc from 'fast-check';
import type { DeviceKey } from '../../../../exporters/gpu/attribution/attribution.ts';
import { type KnownGpu, resolveDevice } from '../../../../exporters/gpu/attribution/device-ids.ts';
import type { MigInstance } from '../../../../exporters/gpu/reading.ts';

function instance(gpuInstanceId: number, uuid: string, profile: string): MigInstance {
  return { gpuInstanceId, computeInstanceId: 0, uuid, profile };
}

/** Minor numbers do not follow the indices. */
const gpus: readonly KnownGpu[] = [
  { index: 0, uuid: 'GPU-aaaa0000', identity: { minor: 1 } },
  {
    index: 1,
    uuid: 'GPU-bbbb1111',
    identity: { minor: 0 },
    mig: {
      enabled: true,
      instances: [
        instance(7, 'MIG-7', '1g.10gb'),
        instance(8, 'MIG-8', '1g.10gb'),
        instance(2, 'MIG-2', '3g.40gb'),
        instance(9, 'MIG-9', '1g.10gb+me'),
      ],
    },
  },
  {
    index: 2,
    uuid: 'GPU-cccc2222',
    identity: {},
    mig: { enabled: true, instances: [instance(1, 'MIG-c1', '7g.80gb')] },
  },
];
const [first, second, third] = [
  { index: 0, uuid: 'GPU-aaaa0000' },
  { index: 1, uuid: 'GPU-bbbb1111' },
  { index: 2, uuid: 'GPU-cccc2222' },
];

const known: readonly (readonly [id: string, device: DeviceKey | undefined])[] = [
  ['GPU-aaaa0000', first],
  ['GPU-AAAA0000', first],
  ['GPU-aaaa0000::3', first],
  ['GPU-ffff', undefined],
  ['MIG-8', { index: 1, uuid: 'GPU-bbbb1111', gpuInstanceId: 8 }],
  ['MIG-8::0', { index: 1, uuid: 'GPU-bbbb1111', gpuInstanceId: 8 }],
  ['MIG-77', undefined],
  ['MIG-GPU-bbbb1111/2/0', { index: 1, uuid: 'GPU-bbbb1111', gpuInstanceId: 2 }],
  ['MIG-GPU-bbbb1111/3/0', undefined],
  ['MIG-GPU-ffff/2/0', undefined],
  ['nvidia0', second],
  ['nvidia1', first],
  ['nvidia2', third],
  ['nvidia0/gi7', { index: 1, uuid: 'GPU-bbbb1111', gpuInstanceId: 7 }],
  ['nvidia0/vgpu2', second],
  ['nvidia0/gi7/vgpu2', { index: 1, uuid: 'GPU-bbbb1111', gpuInstanceId: 7 }],
  ['nvidia0/gi3', undefined],
  ['nvidia7', undefined],
  ['0', first],
  ['1', second],
  ['9', undefined],
  ['gpu-1', first],
  ['gpu-0', second],
  ['gpu-9', undefined],
  ['node-a/gpu-0', second],
  ['gpu.nvidia.com/node-a/gpu-0', second],
  // Profile, profile id and start: one instance has the profile.
  ['gpu-0-mig-3g40gb-9-4', { index: 1, uuid: 'GPU-bbbb1111', gpuInstanceId: 2 }],
  ['gpu-0-mig-1g10gb-me-20-3', { index: 1, uuid: 'GPU-bbbb1111', gpuInstanceId: 9 }],
  // Two have it.
  ['gpu-0-mig-1g10gb-19-0', second],
  ['gpu-0-mig-7g80gb-0-0', second],
  // Profile id, start and size: the only instance.
  ['gpu-2-mig-0-0-8', { index: 2, uuid: 'GPU-cccc2222', gpuInstanceId: 1 }],
  ['gpu-0-mig-19-4-1', second],
  ['gpu-vfio-0', undefined],
  ['', undefined],
  ['::1', undefined],
  ['nvidia0/gi', undefined],
  ['-1', undefined],
];

test.each(known)('%j is found', (id, device) => {
  expect(resolveDevice(id, 'gpu.nvidia.com', gpus)).toEqual(device);
});

test('an instance is believed while the instances of its GPU are not known', () => {
  const young: readonly KnownGpu[] = [{ index: 0, uuid: 'GPU-aaaa0000', identity: {} }];
  const device = { index: 0, uuid: 'GPU-aaaa0000', gpuInstanceId: 5 };
  expect(resolveDevice('nvidia0/gi5', 'nvidia.com/gpu', young)).toEqual(device);
  expect(resolveDevice('MIG-GPU-aaaa0000/5/0', 'nvidia.com/mig-1g.5gb', young)).toEqual(device);
});

test('whatever a device plugin invents, the answer is a GPU of this node or none', () => {
  const pieces = fc.constantFrom('GPU-aaaa0000', 'MIG-8', 'MIG-GPU-', 'nvidia', 'gpu-', '0', '1', '/gi', '::', '-mig-');
  const ids = fc.oneof(
    fc.string(),
    fc.array(pieces).map((parts) => parts.join('')),
  );
  fc.assert(
    fc.property(ids, (id) => {
      const device = resolveDevice(id, 'nvidia.com/gpu', gpus);
      const uuids = gpus.map(({ uuid }) => uuid);
      if (device !== undefined) expect(uuids).toContain(device.uuid);
    }),
  );
});
