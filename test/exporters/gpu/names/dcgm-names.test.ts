import type { Allocation, AttributionState } from '../../../../exporters/gpu/attribution/attribution.ts';
import type { Counters } from '../../../../exporters/gpu/names/counters.ts';
import { dcgmFields, dcgmLabels } from '../../../../exporters/gpu/names/dcgm-fields.ts';
import { createDcgmNames } from '../../../../exporters/gpu/names/dcgm-names.ts';
import { type DcgmSet, dcgmSets } from '../../../../exporters/gpu/names/name-sets.ts';
import { families, type MigInstance, type Family as ReadingFamily } from '../../../../exporters/gpu/reading.ts';
import { createXidLedger } from '../../../../exporters/gpu/sources/xid-ledger.ts';
import { renderExposition } from '../../../../kit/exposition/render.ts';
import { parseExposition } from '../../../support/exposition.ts';
import { expectGolden } from '../../../support/golden.ts';
import { gpuReading, nodeState } from '../../../support/node-state.ts';
import { beginSeconds, fullGpu, laterGpu, viewOf } from './full-view.ts';
import { render, settings } from './rendered.ts';

const everything: Counters = {
  fields: dcgmFields.map((field) => ({ field, kind: field.kind, helps: {} })),
  labels: dcgmLabels,
  unknown: [],
};
const full = [viewOf([fullGpu()]), viewOf([laterGpu()], beginSeconds + 2)];

function attributionOf(allocations: readonly Allocation[]): AttributionState {
  return {
    sources: {},
    allocations,
    allocatedTimes: [],
    shares: [],
    deviceSmSeconds: [],
    processCounts: [],
    podLabels: [],
    resources: [],
    dropped: {
      too_many_pods: 0,
      too_many_processes: 0,
      too_many_jobs: 0,
      unknown_device: 0,
      bad_entry: 0,
    },
  };
}

const pod = (name: string): Allocation['holder'] => ({ kind: 'pod', namespace: 'ml', pod: name, container: 'main' });
const job = (jobId: string): Allocation['holder'] => ({ kind: 'job', jobId });
const gpu0 = { index: 0, uuid: 'GPU-0' };

describe.each(dcgmSets)('%s', (set) => {
  test('a full reading, to the letter', () => {
    expectGolden(`dcgm/${set}.prom`, render(full, { sets: [set] }).text);
  });

  test('all that can be chosen, to the letter', () => {
    expectGolden(`dcgm/${set}-everything.prom`, render(full, { sets: [set], counters: everything }).text);
  });

  test('every name of the set shows up on a full reading', () => {
    const wanted = dcgmFields.flatMap(({ names }) => names[set] ?? []);
    const { names } = render(full, { sets: [set], counters: everything });
    expect(names.filter((name) => name.startsWith('DCGM_')).toSorted()).toEqual(wanted.toSorted());
  });

  test('a GPU that has nothing shows nothing but that it had no XID error', () => {
    const { names } = render([viewOf([gpuReading()])], { sets: [set], counters: everything });
    expect(names).toEqual([
      set === 'dcgm-4.8' ? 'DCGM_FI_DEV_XID_ERRORS' : 'DCGM_FI_DEV_XID_ERROR',
      'DCGM_EXP_XID_ERRORS_TOTAL',
      'fleetlens_config_unknown_fields',
    ]);
  });

  test('both formats are valid, also for counters without the suffix that OpenMetrics wants', () => {
    const names = createDcgmNames({ ...settings, sets: [set], counters: everything });
    const [, last = []] = full.map((view) => names.families(view));
    for (const format of ['text', 'openmetrics'] as const)
      expect(parseExposition(format, renderExposition(format, last)).size).toBeGreaterThan(50);
  });
});

/** A family of a reading without which these names are not shown; `activity` has a stand-in for PCIe. */
const needs: Readonly<Partial<Record<ReadingFamily, readonly string[]>>> = {
  utilization: ['GPU_UTIL', 'MEM_COPY_UTIL'],
  memory: ['FB_TOTAL', 'FB_FREE', 'FB_USED', 'FB_RESERVED', 'FB_USED_PERCENT'],
  thermal: ['MEMORY_TEMP', 'GPU_TEMP', 'SLOWDOWN_TEMP', 'SHUTDOWN_TEMP', 'MEM_MAX_OP_TEMP'],
  engines: ['ENC_UTIL', 'DEC_UTIL'],
  traffic: ['NVLINK_BANDWIDTH_TOTAL'],
  fan: ['FAN_SPEED'],
  vgpu: ['VGPU_LICENSE_STATUS'],
  pages: ['RETIRED_SBE', 'RETIRED_DBE', 'RETIRED_PENDING'],
  mig: ['MIG_MODE'],
};

test.each(Object.entries(needs))('without %s there is no %j', (family, names) => {
  const views = full.map(({ reading }, index) =>
    viewOf(
      (reading?.gpus ?? []).map((gpu) => ({ ...gpu, [family]: undefined })),
      beginSeconds + 2 * index,
    ),
  );
  const before = render(full, { counters: everything }).names;
  const after = render(views, { counters: everything }).names;
  expect(before.filter((name) => !after.includes(name)).toSorted()).toEqual(
    names.map((name) => `DCGM_FI_DEV_${name}`).toSorted(),
  );
  expect(families).toContain(family);
});

describe('units are converted exactly', () => {
  const in48 = render(full, { counters: everything });
  const in49 = render(full, { sets: ['dcgm-4.9'], counters: everything });

  test.each([
    ['DCGM_FI_DEV_SM_CLOCK', '1980', 'DCGM_FI_DEV_SM_CLOCK_HERTZ', '1980000000'],
    ['DCGM_FI_DEV_MEM_CLOCK', '2619', 'DCGM_FI_DEV_MEMORY_CLOCK_HERTZ', '2619000000'],
    ['DCGM_FI_DEV_GPU_TEMP', '61', 'DCGM_FI_DEV_GPU_TEMP_CELSIUS', '61'],
    ['DCGM_FI_DEV_POWER_USAGE', '412.123', 'DCGM_FI_DEV_BOARD_POWER_WATTS', '412.123'],
    ['DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION', '123456789012', 'DCGM_FI_DEV_GPU_ENERGY_JOULES_TOTAL', '123456789.012'],
    // 0.29 * 100 and 0.57 * 100 are no whole numbers in binary; NVML's percentages are.
    ['DCGM_FI_DEV_GPU_UTIL', '29', 'DCGM_FI_DEV_GPU_UTIL_RATIO', '.29'],
    ['DCGM_FI_DEV_MEM_COPY_UTIL', '57', 'DCGM_FI_DEV_MEMORY_UTIL_RATIO', '.57'],
    ['DCGM_FI_DEV_ENC_UTIL', '7', 'DCGM_FI_DEV_ENC_UTIL_RATIO', '.07'],
    ['DCGM_FI_DEV_DEC_UTIL', '14', 'DCGM_FI_DEV_DEC_UTIL_RATIO', '.14'],
    ['DCGM_FI_DEV_FAN_SPEED', '43', 'DCGM_FI_DEV_FAN_SPEED_RATIO', '.43'],
    // One byte less than a MiB more is no MiB more.
    ['DCGM_FI_DEV_FB_USED', '30720', 'DCGM_FI_DEV_FB_USED_BYTES', '32213303295'],
    ['DCGM_FI_DEV_FB_TOTAL', '81920', 'DCGM_FI_DEV_FB_CAPACITY_BYTES', '85899345921'],
    ['DCGM_FI_DEV_FB_FREE', '50176', 'DCGM_FI_DEV_FB_FREE_BYTES', '52613349376'],
    ['DCGM_FI_DEV_FB_RESERVED', '553', 'DCGM_FI_DEV_FB_RESERVED_BYTES', '580583424'],
    ['DCGM_FI_DEV_POWER_VIOLATION', '1000000007', 'DCGM_FI_DEV_GPU_POWER_THROTTLE_SECONDS_TOTAL', '1.000000007'],
    // 4,096,000 bytes in two seconds are 2,000 KiB/s, which DCGM divides by 1000.
    ['DCGM_FI_DEV_NVLINK_BANDWIDTH_TOTAL', '2', 'DCGM_FI_DEV_NVLINK_THROUGHPUT_BYTES_PER_SECOND', '2048000'],
    ['DCGM_FI_PROF_PCIE_TX_BYTES', '1000000', 'DCGM_FI_PROF_PCIE_TX_BYTES', '1000000'],
    ['DCGM_FI_PROF_PCIE_RX_BYTES', '2000001', 'DCGM_FI_PROF_PCIE_RX_BYTES', '2000001'],
    ['DCGM_FI_PROF_PIPE_TENSOR_ACTIVE', '.44', 'DCGM_FI_PROF_TENSOR_UTIL_RATIO', '.44'],
    ['DCGM_FI_DEV_CLOCKS_EVENT_REASONS', '68', 'DCGM_FI_DEV_CLOCKS_EVENT_REASONS', '68'],
    ['DCGM_FI_DEV_COMPUTE_MODE', '3', 'DCGM_FI_DEV_GPU_COMPUTE_MODE', '3'],
    ['DCGM_FI_DEV_GET_GPU_RECOVERY_ACTION', '3', 'DCGM_FI_DEV_GPU_RECOVERY_ACTION', '3'],
    ['DCGM_FI_DEV_NVLINK_CRC_FLIT_ERROR_COUNT_TOTAL', '11', 'DCGM_FI_DEV_NVLINK_CRC_FLIT_ERROR_TOTAL', '11'],
  ])('%s is %s, %s is %s', (name48, value48, name49, value49) => {
    expect([in48.value(name48), in49.value(name49)].map(Number)).toEqual([value48, value49].map(Number));
  });
});

describe('labels', () => {
  const labelsOf = (changes: Parameters<typeof render>[1], view = viewOf([fullGpu()])) =>
    Object.entries(render([view], changes).samples(`DCGM_FI_DEV_VGPU_LICENSE_STATUS`)[0]?.labels ?? {});
  const device = [
    ['gpu', '0'],
    ['UUID', 'GPU-0'],
    ['pci_bus_id', '00000000:19:00.0'],
    ['device', 'nvidia3'],
    ['modelName', 'NVIDIA H100 80GB HBM3'],
  ];
  const driver48 = ['DCGM_FI_DRIVER_VERSION', '580.65.06'];
  const driver49 = ['DCGM_FI_SYSTEM_DRIVER_VERSION', '580.65.06'];

  test.each([
    ['dcgm-4.8', 'Hostname', [...device, ['Hostname', 'node-1'], driver48]],
    ['dcgm-4.8', 'hostname', [...device, ['hostname', 'node-1'], driver48]],
    ['dcgm-4.8', 'none', [...device, driver48]],
    ['dcgm-4.9', 'Hostname', [...device, ['hostname', 'node-1'], driver49]],
  ] as const)('%s with %s', (set, hostnameLabel, labels) => {
    expect(labelsOf({ sets: [set], hostnameLabel })).toEqual(labels);
  });

  test('a name of both sets is one series with the labels of both', () => {
    const both = { sets: ['dcgm-4.9', 'dcgm-4.8'] as const };
    expect(render([viewOf([fullGpu()])], both).samples('DCGM_FI_DEV_VGPU_LICENSE_STATUS')).toHaveLength(1);
    expect(labelsOf(both)).toEqual([...device, ['Hostname', 'node-1'], ['hostname', 'node-1'], driver48, driver49]);
  });

  test('what is not known has no label, and the device is named by the index', () => {
    expect(labelsOf({}, viewOf([fullGpu({ index: 5, identity: {} })]))).toEqual([
      ['gpu', '5'],
      ['UUID', 'GPU-0'],
      ['device', 'nvidia5'],
      ['Hostname', 'node-1'],
      driver48,
    ]);
  });
});

describe('holders', () => {
  const holderOf = (holders: readonly Allocation['holder'][]) => {
    const allocations = holders.map((holder) => ({ device: gpu0, holder, replicas: 1 }));
    const view = viewOf([fullGpu(), fullGpu({ index: 1, uuid: 'GPU-1' })], beginSeconds, {
      attribution: attributionOf(allocations),
    });
    return render([view])
      .samples('DCGM_FI_DEV_GPU_TEMP')
      .map(({ labels }) => {
        const { namespace, pod: name, container, hpc_job } = labels;
        return [namespace, name, container, hpc_job].join('/');
      });
  };

  test('one pod has the GPU: its series carry the pod, those of the next GPU do not', () => {
    expect(holderOf([pod('a')])).toEqual(['ml/a/main/', '///']);
  });

  test('several pods share it: one series without pod labels, so that no sum counts it twice', () => {
    expect(holderOf([pod('a'), pod('b')])).toEqual(['///', '///']);
  });

  test('one pod with several replicas is one pod', () => {
    expect(holderOf([pod('a'), pod('a')])).toEqual(['ml/a/main/', '///']);
  });

  test('one job, and one pod beside it', () => {
    expect(holderOf([job('4711')])).toEqual(['///4711', '///']);
    expect(holderOf([job('4711'), pod('a')])).toEqual(['ml/a/main/4711', '///']);
    expect(holderOf([job('4711'), job('4712')])).toEqual(['///', '///']);
  });
});

describe('MIG', () => {
  const instance = (gpuInstanceId: number, computeInstanceId = 0): MigInstance => ({
    gpuInstanceId,
    computeInstanceId,
    uuid: `MIG-${gpuInstanceId}-${computeInstanceId}`,
    profile: computeInstanceId === 0 ? '1g.10gb' : '1c.1g.10gb',
    memory: { totalBytes: 10 * 2 ** 30, usedBytes: 3 * 2 ** 20, freeBytes: 9 * 2 ** 30, reservedBytes: 2 ** 20 },
    activity: { graphicsRatio: 0.5, tensorRatio: 0.25 },
  });
  const migGpu = fullGpu({ mig: { enabled: true, instances: [instance(7), instance(7, 1), instance(9)] } });
  const allocation: Allocation = { device: { ...gpu0, gpuInstanceId: 9 }, holder: pod('a'), replicas: 1 };
  const shown = render([viewOf([migGpu], beginSeconds, { attribution: attributionOf([allocation]) })]);

  test('an instance has its memory and activity, once for all its compute instances, beside the GPU', () => {
    const used = shown.samples('DCGM_FI_DEV_FB_USED').map(({ labels, value }) => [labels['GPU_I_ID'], value]);
    expect(used).toEqual([
      [undefined, '30720'],
      ['7', '3'],
      ['9', '3'],
    ]);
    expect(shown.samples('DCGM_FI_PROF_PIPE_TENSOR_ACTIVE')[1]?.labels).toMatchObject({
      gpu: '0',
      UUID: 'GPU-0',
      GPU_I_PROFILE: '1g.10gb',
      GPU_I_ID: '7',
    });
  });

  test('what only the GPU has is not said of its instances', () => {
    expect(shown.samples('DCGM_FI_DEV_GPU_TEMP')).toHaveLength(1);
    expect(shown.samples('DCGM_FI_DEV_XID_ERRORS')).toHaveLength(1);
    expect(shown.samples('DCGM_FI_PROF_PCIE_TX_BYTES')).toHaveLength(1);
  });

  test('the holder of an instance is on its series alone', () => {
    const pods = shown.samples('DCGM_FI_DEV_FB_USED').map(({ labels }) => labels['pod']);
    expect(pods).toEqual([undefined, undefined, 'a']);
  });
});

describe('XID errors', () => {
  const ledger = createXidLedger();
  ledger.know(0, 'GPU-0');
  ledger.sawBefore({ index: 0, uuid: 'GPU-0', xid: 95, atSeconds: 900 });
  ledger.record({ index: 0, uuid: 'GPU-0', xid: 79, atSeconds: 300 });
  ledger.record({ index: 0, uuid: 'GPU-0', xid: 4242, atSeconds: 100 });
  const xids = ledger.counts();
  const xidOf = (view: Parameters<typeof viewOf>[2], set: DcgmSet = 'dcgm-4.8') =>
    render([viewOf([fullGpu()], beginSeconds, view)], { sets: [set] }).samples(
      set === 'dcgm-4.8' ? 'DCGM_FI_DEV_XID_ERRORS' : 'DCGM_FI_DEV_XID_ERROR',
    )[0];

  test('the last one since the start, by its time, with code and meaning', () => {
    expect(xidOf({ xids })).toMatchObject({
      value: '79',
      labels: { err_code: '79', err_msg: 'The GPU is gone from the bus; only a reboot of the node brings it back.' },
    });
  });

  test('none, and one that the catalogue does not name', () => {
    expect(xidOf({})).toMatchObject({ value: '0', labels: { err_code: '0', err_msg: 'No Error' } });
    const unnamed = xids.filter(({ xid }) => xid === 4242);
    expect(xidOf({ xids: unnamed })).toMatchObject({ value: '4242', labels: { err_msg: 'Unknown Error' } });
  });

  test('where nothing can be heard there is no zero, but what was heard stays', () => {
    const xidSources = { nvml_events: false, kernel_log: false };
    expect(xidOf({ xidSources })).toBeUndefined();
    expect(xidOf({ xidSources, xids })?.value).toBe('79');
  });

  test('a GPU that fell silent keeps its labels and its error, and shows nothing else', () => {
    const silent = [{ ...gpu0, failure: 'not_enumerated' }];
    const gone = render([viewOf([fullGpu()]), viewOf([], beginSeconds + 5, { silent, xids })]);
    expect(gone.names).toEqual(['DCGM_FI_DEV_XID_ERRORS']);
    expect(gone.samples('DCGM_FI_DEV_XID_ERRORS')[0]).toMatchObject({
      value: '79',
      labels: { modelName: 'NVIDIA H100 80GB HBM3', device: 'nvidia3' },
    });
    const lost = render([viewOf([fullGpu({ failure: 'gpu_is_lost' })], beginSeconds, { xids })]);
    expect(lost.names).toEqual(['DCGM_FI_DEV_XID_ERRORS']);
  });

  test('counted by code on request', () => {
    const { samples } = render([viewOf([fullGpu()], beginSeconds, { xids })], { counters: everything });
    const counts = new Map(samples('DCGM_EXP_XID_ERRORS_TOTAL').map(({ labels, value }) => [labels['xid'], value]));
    expect([counts.get('79'), counts.get('4242'), counts.get('48')]).toEqual(['1', '1', '0']);
  });
});

test('while the driver does not answer nothing is shown, and no rate spans the gap', () => {
  const hung = nodeState({ driver: 'unresponsive' });
  expect(render([...full, hung]).names).toEqual([]);
  const after = render([...full, hung, viewOf([laterGpu()], beginSeconds + 9)]);
  expect(after.value('DCGM_FI_DEV_GPU_TEMP')).toBe('61');
  expect(after.value('DCGM_FI_DEV_NVLINK_BANDWIDTH_TOTAL')).toBeUndefined();
});

test('PCIe comes from the byte counters where there is no GPM', () => {
  const older = [fullGpu, laterGpu].map((gpu, index) =>
    viewOf([gpu({ activity: undefined })], beginSeconds + 2 * index),
  );
  expect(render(older).value('DCGM_FI_PROF_PCIE_TX_BYTES')).toBe('2000');
  expect(render(older).value('DCGM_FI_PROF_PCIE_RX_BYTES')).toBe('3000');
  expect(render(older.slice(0, 1)).value('DCGM_FI_PROF_PCIE_TX_BYTES')).toBeUndefined();
});

test('rows that cannot be shown are counted', () => {
  const counters = { ...everything, unknown: [{ line: 3, name: 'DCGM_FI_DEV_NO_SUCH' }] };
  expect(render(full, { counters }).value('fleetlens_config_unknown_fields')).toBe('1');
  expect(render(full).names).not.toContain('fleetlens_config_unknown_fields');
});
