import type { GpuReading } from '../../../../../exporters/gpu/reading.ts';
import { closeFakeSessions, openFakeSession, removeFakeState } from './fake-session.ts';

afterEach(closeFakeSessions);
afterAll(removeFakeState);

const families = ['utilization', 'memory', 'thermal', 'power', 'clocks', 'fan', 'pcie', 'ecc'] as const;

function readFamilies(gpu: GpuReading | undefined): string[] {
  return families.filter((family) => gpu?.[family] !== undefined);
}

test('reads every family of 8 GPUs in base units', () => {
  const { session, reports } = openFakeSession(['all.nvlinks=1']);
  const reading = session.collect();

  expect(session.gpuCount()).toBe(8);
  expect(reading.takenAtSeconds).toBe(1_700_000_000.5);
  expect(reading.versions).toEqual({ driver: '580.65.06', cuda: '13.0', nvml: '13.580.65.06' });
  expect(reading.gpus.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  expect(reading.gpus[3]).toEqual({
    index: 3,
    uuid: 'GPU-f1ee0003-fa4e-4e57-8000-000000000003',
    identity: {
      model: 'NVIDIA H100 80GB HBM3',
      serial: '1651223000003',
      pciBusId: '00000000:48:00.0',
      vbios: '96.00.74.00.0D',
      minor: 3,
    },
    errors: {},
    utilization: { gpuRatio: 0.93, memoryControllerRatio: 0.43 },
    memory: {
      totalBytes: 85_520_809_984,
      usedBytes: 63_000_000_000,
      freeBytes: 85_520_809_984 - 633_339_904 - 63_000_000_000,
      reservedBytes: 633_339_904,
    },
    thermal: { coreCelsius: 58, memoryCelsius: 68, slowdownCelsius: 92, shutdownCelsius: 95, memoryMaxCelsius: 98 },
    power: {
      watts: 615.345,
      instantWatts: 598.765,
      energyJoules: 9_007_199_254.744,
      limitWatts: { enforced: 700, default: 700, min: 200, max: 700 },
    },
    clocks: {
      smHertz: 1_758_000_000,
      smMaxHertz: 1_980_000_000,
      memoryHertz: 2_619_000_000,
      memoryMaxHertz: 2_619_000_000,
      activeReasons: ['sw_power_cap'],
    },
    throttle: { power: 12.5, thermal: 0, sync_boost: 0, board_limit: 0, low_util: 0, reliability: 0 },
    engines: { encoderRatio: 0, decoderRatio: 0, jpegRatio: 0, ofaRatio: 0 },
    traffic: {
      pcieTransmitBytes: 0,
      pcieReceiveBytes: 0,
      nvlinks: [{ link: 0, transmitBytes: 7_168_000_000_000, receiveBytes: 8_192_000_000_000 }],
    },
    mig: { enabled: false, pendingEnabled: false, instances: [] },
    fan: { ratio: 0.33 },
    processes: { list: [], smMeasured: true },
    pcie: { generation: 5, generationMax: 5, width: 16, widthMax: 16, replays: 3 },
    nvlink: { links: [{ link: 0, up: true, replays: 0, recoveries: 0, crcFlitErrors: 0, crcDataErrors: 0 }] },
    ecc: {
      correctableVolatile: 3,
      uncorrectableVolatile: 0,
      correctableAggregate: 5_000_000_003,
      uncorrectableAggregate: 1,
    },
    rows: {
      correctable: 0,
      uncorrectable: 0,
      pending: false,
      failure: false,
      banks: { max: 2560, high: 0, partial: 0, low: 0, none: 0 },
    },
    recovery: { action: 'none' },
    modes: { compute: 'default', persistence: true, ecc: true, eccPending: true },
  });
  expect(reports).toEqual([]);
});

test('follows values that change and does not ask again for those that cannot', () => {
  const { session, setState, calls } = openFakeSession(['count=1']);
  session.collect();
  setState(['count=1', 'gpu.0.temperature=87', 'gpu.0.power_mw=0', 'gpu.0.slowdown=1', 'name=other']);
  const [gpu] = session.collect().gpus;

  expect(gpu?.thermal).toMatchObject({ coreCelsius: 87, slowdownCelsius: 92 });
  expect(gpu?.power?.watts).toBe(0);
  expect(gpu?.identity.model).toBe('NVIDIA H100 80GB HBM3');
  expect(calls.get('nvmlDeviceGetUUID')).toBe(1);
  expect(calls.get('nvmlDeviceGetPciInfo_v3')).toBe(1);
  expect(calls.get('nvmlDeviceGetTemperatureThreshold')).toBe(3);
  expect(calls.get('nvmlDeviceGetFieldValues')).toBe(4);
});

test.each([
  ['lost', 'gpu_is_lost'],
  ['reset_required', 'reset_required'],
  ['not_found', 'gpu_not_found'],
] as const)('a GPU that is %s fails alone, keeps its name, and comes back', (state, failure) => {
  const { session, setState } = openFakeSession([]);
  session.collect();
  setState([`gpu.3=${state}`]);
  const { gpus } = session.collect();

  expect(gpus[3]).toEqual({
    index: 3,
    uuid: 'GPU-f1ee0003-fa4e-4e57-8000-000000000003',
    identity: expect.objectContaining({ serial: '1651223000003' }),
    failure,
    errors: {},
  });
  expect(gpus.filter((gpu) => readFamilies(gpu).length === families.length)).toHaveLength(7);

  setState([]);
  expect(readFamilies(session.collect().gpus[3])).toEqual(families);
});

test('a GPU that failed and comes back may be another board', () => {
  const { session, setState, calls } = openFakeSession(['count=1']);
  session.collect();
  setState(['count=1', 'gpu.0=lost']);
  session.collect();
  setState(['count=1', 'gpu.0.uuid=GPU-replacement', 'name=NVIDIA H200']);
  const [gpu] = session.collect().gpus;
  expect(gpu).toMatchObject({ uuid: 'GPU-replacement', identity: { model: 'NVIDIA H200' } });
  expect(calls.get('nvmlDeviceGetPciInfo_v3')).toBe(2);
});

test('a GPU that was lost before the start has no uuid but is shown as failed', () => {
  const { session } = openFakeSession(['gpu.0=lost', 'count=2']);
  const { gpus } = session.collect();
  expect(gpus[0]).toEqual({ index: 0, uuid: '', identity: {}, failure: 'gpu_is_lost', errors: {} });
  expect(readFamilies(gpus[1])).toEqual(families);
});

test('a bug that shows with one GPU costs the others nothing and is reported', () => {
  let hits = 0;
  const { session, reports } = openFakeSession(['count=3'], {
    intercept(symbol) {
      if (symbol === 'nvmlDeviceGetFanSpeed' && ++hits === 2) throw new TypeError('seeded');
    },
  });
  const { gpus } = session.collect();
  expect(gpus.map(({ failure }) => failure)).toEqual([undefined, 'internal_error', undefined]);
  expect(reports).toEqual([expect.stringMatching(/GPU 1 failed in the exporter itself: TypeError: seeded/)]);
});

test('a call that fails is the error of its family; what else the family read stays', () => {
  const { session } = openFakeSession([
    'count=2',
    'gpu.0.error.nvmlDeviceGetUtilizationRates=999',
    'gpu.0.error.nvmlDeviceGetPowerUsage=10',
    'gpu.0.field.82=17',
  ]);
  const [failing, healthy] = session.collect().gpus;
  expect(failing?.errors).toEqual({ utilization: 'unknown', power: 'timeout', thermal: 'operating_system' });
  expect(failing?.utilization).toBeUndefined();
  expect(failing?.power).toMatchObject({ watts: undefined, limitWatts: { enforced: 700 } });
  expect(failing?.thermal).toMatchObject({ coreCelsius: 55, memoryCelsius: undefined });
  expect(healthy?.errors).toEqual({});
});

test('a passing error is retried, also for values that are read once', () => {
  const { session, setState } = openFakeSession(['count=1', 'error.nvmlDeviceGetTemperatureThreshold=10']);
  expect(session.collect().gpus[0]?.errors).toEqual({ thermal: 'timeout' });
  setState(['count=1']);
  const [gpu] = session.collect().gpus;
  expect(gpu?.errors).toEqual({});
  expect(gpu?.thermal?.shutdownCelsius).toBe(95);
});

test('a field batch that fails is the error of each family that needs it', () => {
  const { session } = openFakeSession(['count=1', 'error.nvmlDeviceGetFieldValues=999']);
  expect(session.collect().gpus[0]?.errors).toEqual({
    thermal: 'unknown',
    power: 'unknown',
    throttle: 'unknown',
    traffic: 'unknown',
    pcie: 'unknown',
    nvlink: 'unknown',
    ecc: 'unknown',
    rows: 'unknown',
    pages: 'unknown',
    recovery: 'unknown',
    modes: 'unknown',
  });
});

test('what a board does not have is left out, is no error, and is not asked for again', () => {
  const { session, calls } = openFakeSession([
    'count=1',
    'unsupported=fan',
    'unsupported=utilization',
    'unsupported=memory_temperature',
    'unsupported=serial',
    'unsupported=power',
    'unsupported=power_instant',
    'unsupported=power_limit',
    'unsupported=energy',
  ]);
  session.collect();
  const [gpu] = session.collect().gpus;
  expect(readFamilies(gpu)).toEqual(['memory', 'thermal', 'clocks', 'pcie', 'ecc']);
  expect(gpu?.thermal).toMatchObject({ coreCelsius: 55, memoryCelsius: undefined });
  expect(gpu?.identity).toMatchObject({ serial: undefined, model: 'NVIDIA H100 80GB HBM3' });
  expect(gpu?.errors).toEqual({});
  expect(calls.get('nvmlDeviceGetFanSpeed')).toBe(1);
  expect(calls.get('nvmlDeviceGetSerial')).toBe(1);
});

test.each(['off', 'untouched'] as const)('with ECC %s there are no ECC counts, not zeros', (ecc) => {
  const { session } = openFakeSession(['count=1', `ecc=${ecc}`, 'unsupported=nvmlDeviceGetTotalEccErrors']);
  const [gpu] = session.collect().gpus;
  expect(gpu?.ecc).toBeUndefined();
  expect(gpu?.errors).toEqual({});
  expect(gpu?.thermal?.memoryCelsius).toBe(65);
});

test('a sensor that answers nonsense has no temperature', () => {
  const { session } = openFakeSession(['count=1', 'gpu.0.memory_temperature=65535', 'gpu.0.temperature=255']);
  expect(session.collect().gpus[0]?.thermal).toMatchObject({ coreCelsius: undefined, memoryCelsius: undefined });
});

test('older functions stand in for those that the library lacks', () => {
  const without = ['MEMORY_V2', 'TEMPERATURE_V', 'FIELD_VALUES', 'CLOCKS_EVENT_REASONS', 'EVENTS'] as const;
  const { session, reports } = openFakeSession(['count=1'], { without });
  const [gpu] = session.collect().gpus;
  expect(gpu?.memory).toEqual({
    totalBytes: 85_520_809_984,
    usedBytes: 60_633_339_904,
    freeBytes: 85_520_809_984 - 60_633_339_904,
  });
  expect(gpu?.thermal).toMatchObject({ coreCelsius: 55, memoryCelsius: undefined });
  expect(gpu?.power?.energyJoules).toBe(9_007_199_254.741);
  expect(gpu?.pcie?.replays).toBe(0);
  expect(gpu?.ecc).toMatchObject({ correctableAggregate: 5_000_000_000, uncorrectableAggregate: 1 });
  expect(gpu?.clocks?.activeReasons).toEqual(['sw_power_cap']);
  expect(gpu?.errors).toEqual({});
  expect(session.poll()).toEqual([]);
  expect(reports).toEqual([]);
});

test('a struct version that the driver turns down is replaced by the older one, and that is remembered', () => {
  const { session, calls } = openFakeSession([
    'count=4',
    'version_mismatch=memory_v2',
    'version_mismatch=temperature_v',
  ]);
  session.collect();
  const [gpu] = session.collect().gpus;
  expect(gpu?.memory?.usedBytes).toBe(60_633_339_904);
  expect(gpu?.thermal?.coreCelsius).toBe(55);
  expect(gpu?.errors).toEqual({});
  expect(calls.get('nvmlDeviceGetMemoryInfo_v2')).toBe(1);
  expect(calls.get('nvmlDeviceGetTemperatureV')).toBe(1);
});

test('skipped GPUs are neither touched nor shown', () => {
  const { session, progress } = openFakeSession(['count=4', 'gpu.1.crash=1', 'gpu.2.crash=1'], { skip: [1, 2] });
  expect(session.collect().gpus.map(({ index }) => index)).toEqual([0, 3]);
  expect(session.gpuCount()).toBe(4);
  expect(progress).not.toContain(1);
  expect(progress).not.toContain(2);
});

test('announces each GPU before it is touched and goes idle at the end', () => {
  const announcedFor = new Map<string, unknown[]>();
  const { session, progress } = openFakeSession(['count=2'], {
    intercept: (symbol, announced) => announcedFor.set(symbol, [...(announcedFor.get(symbol) ?? []), announced]),
  });
  const start = progress.length;
  session.collect();
  expect(progress.slice(start)).toEqual(['driver', 0, 1, 'idle', 'driver', 'idle']);
  expect(announcedFor.get('nvmlDeviceGetFanSpeed')).toEqual([0, 1]);
  expect(announcedFor.get('nvmlDeviceGetHandleByIndex_v2')).toEqual([0, 1]);
  expect(announcedFor.get('nvmlDeviceRegisterEvents')).toEqual([0, 1]);
  expect([...announcedFor.values()].flat()).not.toContain('idle');
});

test('notices GPUs that come and go', () => {
  const { session, setState } = openFakeSession(['count=2']);
  setState(['count=3', 'gpu.0.uuid=GPU-other']);
  expect(session.collect().gpus.map(({ uuid }) => uuid)).toEqual([
    'GPU-other',
    'GPU-f1ee0001-fa4e-4e57-8000-000000000001',
    'GPU-f1ee0002-fa4e-4e57-8000-000000000002',
  ]);
  setState(['count=1']);
  expect(session.collect().gpus).toHaveLength(1);
  expect(session.gpuCount()).toBe(1);
});

test('a node without GPUs has an empty reading', () => {
  const { session } = openFakeSession(['count=0']);
  expect(session.collect().gpus).toEqual([]);
});

test('a GPU that was left alone for a while shows nothing from before', () => {
  const { session, setState } = openFakeSession(['count=2', 'gpu.1.ecc_correctable_volatile=1']);
  session.collect();
  setState(['count=2', 'gpu.1.ecc_correctable_volatile=99']);
  session.collect({ tiers: ['fast'], skip: [1] });
  const [, back] = session.collect({ tiers: ['fast'], skip: [] }).gpus;
  expect(back?.ecc?.correctableVolatile).toBe(99);
});
