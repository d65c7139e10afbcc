import { syntaxErrors, vectorSelectors } from '../../../../cli/rules/promql/syntax.ts';
import { type DcgmField, dcgmFields, dcgmLabels } from '../../../../exporters/gpu/names/dcgm-fields.ts';
import { type DcgmSet, dcgmSets } from '../../../../exporters/gpu/names/name-sets.ts';
import { oldNames } from '../../../../exporters/gpu/names/old-names.ts';
import { catalogue } from '../../../../metrics/index.ts';

/** What dcgm-exporter shows by default, from its default-counters.csv; 4.9 has its own names for it, and one family more. */
const shipped: readonly (readonly [in48: string | undefined, in49: string])[] = [
  ['DCGM_FI_DEV_SM_CLOCK', 'DCGM_FI_DEV_SM_CLOCK_HERTZ'],
  ['DCGM_FI_DEV_MEM_CLOCK', 'DCGM_FI_DEV_MEMORY_CLOCK_HERTZ'],
  ['DCGM_FI_DEV_MEMORY_TEMP', 'DCGM_FI_DEV_MEMORY_TEMP_CELSIUS'],
  ['DCGM_FI_DEV_GPU_TEMP', 'DCGM_FI_DEV_GPU_TEMP_CELSIUS'],
  ['DCGM_FI_DEV_POWER_USAGE', 'DCGM_FI_DEV_BOARD_POWER_WATTS'],
  ['DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION', 'DCGM_FI_DEV_GPU_ENERGY_JOULES_TOTAL'],
  ['DCGM_FI_DEV_PCIE_REPLAY_COUNTER', 'DCGM_FI_DEV_PCIE_REPLAY_TOTAL'],
  ['DCGM_FI_DEV_GPU_UTIL', 'DCGM_FI_DEV_GPU_UTIL_RATIO'],
  ['DCGM_FI_DEV_MEM_COPY_UTIL', 'DCGM_FI_DEV_MEMORY_UTIL_RATIO'],
  ['DCGM_FI_DEV_ENC_UTIL', 'DCGM_FI_DEV_ENC_UTIL_RATIO'],
  ['DCGM_FI_DEV_DEC_UTIL', 'DCGM_FI_DEV_DEC_UTIL_RATIO'],
  ['DCGM_FI_DEV_XID_ERRORS', 'DCGM_FI_DEV_XID_ERROR'],
  [undefined, 'DCGM_FI_DEV_FB_CAPACITY_BYTES'],
  ['DCGM_FI_DEV_FB_FREE', 'DCGM_FI_DEV_FB_FREE_BYTES'],
  ['DCGM_FI_DEV_FB_USED', 'DCGM_FI_DEV_FB_USED_BYTES'],
  ['DCGM_FI_DEV_FB_RESERVED', 'DCGM_FI_DEV_FB_RESERVED_BYTES'],
  ['DCGM_FI_DEV_NVLINK_BANDWIDTH_TOTAL', 'DCGM_FI_DEV_NVLINK_THROUGHPUT_BYTES_PER_SECOND'],
  ['DCGM_FI_DEV_VGPU_LICENSE_STATUS', 'DCGM_FI_DEV_VGPU_LICENSE_STATUS'],
  ['DCGM_FI_DEV_UNCORRECTABLE_REMAPPED_ROWS', 'DCGM_FI_DEV_ROW_REMAP_UNCORRECTABLE_TOTAL'],
  ['DCGM_FI_DEV_CORRECTABLE_REMAPPED_ROWS', 'DCGM_FI_DEV_ROW_REMAP_CORRECTABLE_TOTAL'],
  ['DCGM_FI_DEV_ROW_REMAP_FAILURE', 'DCGM_FI_DEV_ROW_REMAP_FAILED'],
  ['DCGM_FI_PROF_GR_ENGINE_ACTIVE', 'DCGM_FI_PROF_GR_ENGINE_UTIL_RATIO'],
  ['DCGM_FI_PROF_PIPE_TENSOR_ACTIVE', 'DCGM_FI_PROF_TENSOR_UTIL_RATIO'],
  ['DCGM_FI_PROF_DRAM_ACTIVE', 'DCGM_FI_PROF_DRAM_UTIL_RATIO'],
  ['DCGM_FI_PROF_PCIE_TX_BYTES', 'DCGM_FI_PROF_PCIE_TX_BYTES'],
  ['DCGM_FI_PROF_PCIE_RX_BYTES', 'DCGM_FI_PROF_PCIE_RX_BYTES'],
];

/** Commented out in the file that dcgm-exporter 4.8 ships, without the fields that need DCGM. */
const optional = [
  'DCGM_FI_DEV_POWER_VIOLATION',
  'DCGM_FI_DEV_THERMAL_VIOLATION',
  'DCGM_FI_DEV_SYNC_BOOST_VIOLATION',
  'DCGM_FI_DEV_BOARD_LIMIT_VIOLATION',
  'DCGM_FI_DEV_LOW_UTIL_VIOLATION',
  'DCGM_FI_DEV_RELIABILITY_VIOLATION',
  'DCGM_EXP_XID_ERRORS_TOTAL',
  'DCGM_FI_DEV_ECC_SBE_VOL_TOTAL',
  'DCGM_FI_DEV_ECC_DBE_VOL_TOTAL',
  'DCGM_FI_DEV_ECC_SBE_AGG_TOTAL',
  'DCGM_FI_DEV_ECC_DBE_AGG_TOTAL',
  'DCGM_FI_DEV_RETIRED_SBE',
  'DCGM_FI_DEV_RETIRED_DBE',
  'DCGM_FI_DEV_RETIRED_PENDING',
  'DCGM_FI_DEV_NVLINK_CRC_FLIT_ERROR_COUNT_TOTAL',
  'DCGM_FI_DEV_NVLINK_CRC_DATA_ERROR_COUNT_TOTAL',
  'DCGM_FI_DEV_NVLINK_REPLAY_ERROR_COUNT_TOTAL',
  'DCGM_FI_DEV_NVLINK_RECOVERY_ERROR_COUNT_TOTAL',
  'DCGM_FI_PROF_SM_ACTIVE',
  'DCGM_FI_PROF_SM_OCCUPANCY',
  'DCGM_FI_PROF_PIPE_FP64_ACTIVE',
  'DCGM_FI_PROF_PIPE_FP32_ACTIVE',
  'DCGM_FI_PROF_PIPE_FP16_ACTIVE',
];

const namesIn = (set: DcgmSet, fields: readonly Pick<DcgmField, 'names'>[]): readonly string[] =>
  fields.flatMap(({ names }) => names[set] ?? []);

test('what a set shows by default is what dcgm-exporter ships', () => {
  const shownIn = (set: DcgmSet): readonly string[] =>
    namesIn(
      set,
      dcgmFields.filter(({ defaultIn }) => defaultIn.includes(set)),
    );
  expect(shownIn('dcgm-4.8').toSorted()).toEqual(shipped.flatMap(([name]) => name ?? []).toSorted());
  expect(shownIn('dcgm-4.9').toSorted()).toEqual(shipped.map(([, name]) => name).toSorted());
  expect(shownIn('dcgm-4.8')).toHaveLength(25);
});

test('the two names of a default field belong to one entry', () => {
  const pairs = dcgmFields.map(({ names }) => `${names['dcgm-4.8']} ${names['dcgm-4.9']}`);
  const wanted = shipped.flatMap(([in48, in49]) => (in48 === undefined ? [] : [`${in48} ${in49}`]));
  expect(pairs).toEqual(expect.arrayContaining(wanted));
});

test('every field that 4.8 ships commented out can be chosen', () => {
  expect(namesIn('dcgm-4.8', dcgmFields)).toEqual(expect.arrayContaining(optional));
});

test.each(dcgmSets)('%s: no name stands for two fields', (set) => {
  const names = [...namesIn(set, dcgmFields), ...namesIn(set, dcgmLabels)];
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  for (const name of names) expect(name).toMatch(/^DCGM_(FI|EXP)_[A-Z0-9_]+$/);
});

test('a name means one thing in both sets: one entry, one unit', () => {
  const in49 = new Map(dcgmFields.flatMap((field) => [[field.names['dcgm-4.9'], field] as const]));
  const shared = dcgmFields.filter(({ names }) => in49.has(names['dcgm-4.8']) && names['dcgm-4.8'] !== undefined);
  expect(shared.length).toBeGreaterThan(5);
  for (const field of shared) {
    expect(in49.get(field.names['dcgm-4.8'])).toBe(field);
    expect(field.units['dcgm-4.8']).toBe(field.units['dcgm-4.9']);
  }
});

test('names of 1.x stand for names that there are', () => {
  const known = namesIn('dcgm-4.8', dcgmFields);
  expect(Object.values(oldNames).filter((name) => !known.includes(name))).toEqual([]);
});

const natives = dcgmFields.flatMap(({ names, native }) =>
  native === undefined ? [] : [[names['dcgm-4.8'] ?? '', native.promql] as const],
);

test.each(natives)('%s has a native equivalent that reads series of ours', (_name, expression) => {
  expect(syntaxErrors(expression)).toEqual([]);
  const metrics = vectorSelectors(expression).map(({ name = '' }) => catalogue.get(name)?.source);
  expect(metrics.length).toBeGreaterThan(0);
  expect(metrics.filter((source) => source !== 'gpu')).toEqual([]);
});
