import type { FakeLine, FakeNumber, FakeValue } from '../fake-nvml.ts';
import { captureSeconds, type FakeBoard } from './take-fake-capture.ts';

const gibi = 2 ** 30;
const mebi = 2 ** 20;

/**
 * Boards of which there are captures in test/fixtures/captures. Their limits, sizes and clocks are those of the data sheets and of
 * what people publish of nvidia-smi; readings are plausible for a board at work. No hardware stood behind them.
 */
export const boards: Readonly<Record<string, FakeBoard>> = {
  'a100-8x': a100(),
  'h100-8x-nvlink': h100(),
  'h100-mig': h100Mig(),
  l4: l4(),
  'a10-ecc-off': a10(),
  rtx4090: rtx4090(),
};

type Values = { readonly [K in FakeValue | FakeNumber]?: number };

function all(values: Values): readonly FakeLine[] {
  return Object.entries(values).map(([key, value]): FakeLine => `all.${key as FakeValue}=${value}`);
}

function each(gpus: number, values: (gpu: number) => Values): readonly FakeLine[] {
  return range(gpus).flatMap((gpu) =>
    Object.entries(values(gpu)).map(([key, value]): FakeLine => `gpu.${gpu}.${key as FakeValue}=${value}`),
  );
}

function range(length: number): readonly number[] {
  return Array.from({ length }, (_, index) => index);
}

/** Node at training: eight SXM4 boards at their power limit, with 12 links each; one of them has remapped a row. */
function a100(): FakeBoard {
  const gpus = 8;
  const milliwatts = (gpu: number) => 396_200 - 1_350 * gpu;
  const energy = (gpu: number) => 2_913_456_789_123 + 37_000_123 * gpu;
  const nvlinkKib = (gpu: number) => 61_203_456_789 + 1_000_003 * gpu;
  return {
    board: {
      vbios: '92.00.45.00.05',
      pciDeviceId: 0x20b2_10de,
      buses: [0x07, 0x0f, 0x47, 0x4e, 0x87, 0x90, 0xb7, 0xbd],
    },
    lacks: ['nvmlDeviceGetTemperatureV'],
    lines: [
      `count=${gpus}`,
      'name=NVIDIA A100-SXM4-80GB',
      'driver=550.127.05',
      'nvml=12.550.127.05',
      'cuda=12040',
      'unsupported=fan',
      'unsupported=recovery',
      ...all({
        gpm: 0,
        nvlinks: 12,
        memory_total: 80 * gibi,
        memory_reserved: 632 * mebi,
        slowdown: 89,
        shutdown: 92,
        memory_max: 95,
        limit_mw: 400_000,
        limit_default_mw: 400_000,
        limit_min_mw: 100_000,
        limit_max_mw: 400_000,
        sm_max_mhz: 1410,
        memory_mhz: 1593,
        memory_max_mhz: 1593,
        pcie_generation: 4,
        pcie_generation_max: 4,
        pcie_replays: 0,
        reasons: 0x4,
        banks_max: 640,
        ecc_correctable_volatile: 0,
        ecc_correctable_aggregate: 0,
        ecc_uncorrectable_aggregate: 0,
      }),
      ...each(gpus, (gpu) => ({
        utilization: 100 - (gpu % 3),
        memory_utilization: 58 + gpu,
        memory_used: (71_300 + 12 * gpu) * mebi,
        temperature: 58 + ((gpu * 5) % 9),
        memory_temperature: 64 + ((gpu * 7) % 11),
        power_mw: milliwatts(gpu),
        power_instant_mw: milliwatts(gpu) - 5_300 + 700 * gpu,
        energy_mj: energy(gpu),
        sm_mhz: 1275 + 15 * (gpu % 4),
        graphics_mhz: 1275 + 15 * (gpu % 4),
        throttle_power_ns: 86_400_000_000_000 + 1_000_000_007 * gpu,
        pcie_tx_bytes: 1_203_456_789 + 10_000_019 * gpu,
        pcie_rx_bytes: 2_109_876_543 + 10_000_019 * gpu,
        nvlink_tx_kib: nvlinkKib(gpu),
        nvlink_rx_kib: nvlinkKib(gpu) + 1_234_567,
      })),
      ...each(gpus, (gpu) =>
        gpu === 5
          ? {
              ecc_correctable_volatile: 2,
              ecc_correctable_aggregate: 7,
              rows_correctable: 1,
              banks_max: 639,
              banks_high: 1,
            }
          : {},
      ),
      ...workers(gpus, 71_000 * mebi, 98, 0.4),
    ],
    aSecondLater: [
      ...each(gpus, (gpu) => ({
        energy_mj: energy(gpu) + milliwatts(gpu),
        throttle_power_ns: 86_400_940_000_000 + 1_000_000_007 * gpu,
        pcie_tx_bytes: 1_203_456_789 + 10_000_019 * gpu + 850_000_000,
        pcie_rx_bytes: 2_109_876_543 + 10_000_019 * gpu + 1_100_000_000,
        nvlink_tx_kib: nvlinkKib(gpu) + 14_648_437,
        nvlink_rx_kib: nvlinkKib(gpu) + 1_234_567 + 14_648_437,
      })),
      ...samples(gpus, 98, 0.9),
    ],
  };
}

function h100Facts(): readonly FakeLine[] {
  return [
    'name=NVIDIA H100 80GB HBM3',
    'driver=570.124.06',
    'nvml=12.570.124.06',
    'cuda=12080',
    'unsupported=fan',
    ...all({
      memory_total: 81_559 * mebi,
      memory_reserved: 551 * mebi,
      slowdown: 89,
      shutdown: 92,
      memory_max: 95,
      limit_mw: 700_000,
      limit_default_mw: 700_000,
      limit_min_mw: 200_000,
      limit_max_mw: 700_000,
      sm_max_mhz: 1980,
      memory_mhz: 2619,
      memory_max_mhz: 2619,
      pcie_replays: 0,
      banks_max: 2560,
      ecc_correctable_volatile: 0,
      ecc_correctable_aggregate: 0,
      ecc_uncorrectable_aggregate: 0,
    }),
  ];
}

/** Node at training: eight SXM5 boards near their power limit, with 18 links each and GPM. */
function h100(): FakeBoard {
  const gpus = 8;
  const milliwatts = (gpu: number) => 684_300 - 2_450 * gpu;
  const energy = (gpu: number) => 4_506_789_012_345 + 91_000_017 * gpu;
  const nvlinkKib = (gpu: number) => 203_456_789_012 + 3_000_017 * gpu;
  return {
    board: {
      vbios: '96.00.A5.00.01',
      pciDeviceId: 0x2330_10de,
      buses: [0x1b, 0x43, 0x52, 0x61, 0x9d, 0xc3, 0xd1, 0xdf],
    },
    lines: [
      `count=${gpus}`,
      ...h100Facts(),
      ...all({ reasons: 0x4 }),
      ...each(gpus, (gpu) => ({
        utilization: 100,
        memory_utilization: 62 + gpu,
        memory_used: (76_100 + 31 * gpu) * mebi,
        temperature: 56 + ((gpu * 5) % 9),
        memory_temperature: 68 + ((gpu * 7) % 11),
        power_mw: milliwatts(gpu),
        power_instant_mw: milliwatts(gpu) + 9_100 - 1_300 * gpu,
        energy_mj: energy(gpu),
        sm_mhz: 1725 + 15 * (gpu % 5),
        graphics_mhz: 1725 + 15 * (gpu % 5),
        throttle_power_ns: 43_200_000_000_000 + 1_000_000_007 * gpu,
        pcie_tx_bytes: 903_456_789 + 10_000_019 * gpu,
        pcie_rx_bytes: 1_709_876_543 + 10_000_019 * gpu,
        nvlink_tx_kib: nvlinkKib(gpu),
        nvlink_rx_kib: nvlinkKib(gpu) + 2_234_567,
      })),
      ...range(gpus).flatMap((gpu) => gpm(gpu, 0.93 + 0.007 * gpu)),
      ...workers(gpus, 75_800 * mebi, 99, 0.4),
    ],
    aSecondLater: [
      ...each(gpus, (gpu) => ({
        energy_mj: energy(gpu) + milliwatts(gpu),
        throttle_power_ns: 43_200_610_000_000 + 1_000_000_007 * gpu,
        pcie_tx_bytes: 903_456_789 + 10_000_019 * gpu + 1_650_000_000,
        pcie_rx_bytes: 1_709_876_543 + 10_000_019 * gpu + 2_050_000_000,
        nvlink_tx_kib: nvlinkKib(gpu) + 16_276_041,
        nvlink_rx_kib: nvlinkKib(gpu) + 2_234_567 + 16_276_041,
      })),
      ...samples(gpus, 99, 0.9),
    ],
  };
}

/** GPM figures of dense training, times a factor. */
function gpm(gpu: number, factor: number): readonly FakeLine[] {
  const percents = { 1: 99.2, 2: 91.4, 3: 31.6, 4: 18.3, 5: 52.7, 10: 44.9, 11: 0, 12: 9.8, 13: 1.4 };
  const mebibytesPerSecond = { 20: 1573.6, 21: 1955.1, 60: 286_100.4, 61: 286_098.7 };
  return Object.entries({ ...percents, ...mebibytesPerSecond }).map(
    ([id, value]): FakeLine => `gpu.${gpu}.gpm.${Number(id)}=${(value * factor).toFixed(3)}`,
  );
}

/** One board cut into three instances, of which two are at work. In MIG mode activity is told of instances alone. */
function h100Mig(): FakeBoard {
  return {
    board: { vbios: '96.00.A5.00.01', pciDeviceId: 0x2330_10de, buses: [0x1b] },
    refuses: ['nvmlGpmSampleGet'],
    lines: [
      'count=1',
      ...h100Facts(),
      'unsupported=utilization',
      'unsupported=engines',
      ...all({
        mig: 1,
        nvlink_tx_kib: 0,
        nvlink_rx_kib: 0,
        memory_used: 9_300 * mebi,
        temperature: 41,
        memory_temperature: 47,
        power_mw: 243_120,
        power_instant_mw: 247_860,
        energy_mj: 1_204_567_890_123,
        sm_mhz: 1980,
        graphics_mhz: 1980,
        reasons: 0,
        throttle_power_ns: 0,
      }),
      'gpu.0.mig.0=2:0:3g.40gb',
      'gpu.0.mig.1=3:0:2g.20gb',
      'gpu.0.mig.2=9:0:1g.10gb',
      ...gpmOfInstance(2, { 1: 71.5, 2: 64.2, 3: 28.8, 5: 33.1, 10: 40.7, 11: 0, 12: 8.4, 13: 0.9 }),
      ...gpmOfInstance(3, { 1: 12.3, 2: 9.1, 3: 4.6, 5: 3.8, 10: 7.7, 11: 0, 12: 2.2, 13: 0.1 }),
      ...gpmOfInstance(9, { 1: 0, 2: 0, 3: 0, 5: 0, 10: 0, 11: 0, 12: 0, 13: 0 }),
      `gpu.0.process=31201:${6_100 * mebi}:-1:2:compute`,
      `gpu.0.process=31877:${2_400 * mebi}:-1:3:compute`,
    ],
    aSecondLater: all({ energy_mj: 1_204_568_133_243 }),
  };
}

function gpmOfInstance(instance: number, figures: Readonly<Record<number, number>>): readonly FakeLine[] {
  return Object.entries(figures).map(
    ([id, value]): FakeLine => `gpu.0.gpm_instance.${instance}.${Number(id)}=${value}`,
  );
}

/** PCIe board at inference: no NVLink, no MIG, no GPM, no sensor in its memory. */
function l4(): FakeBoard {
  return {
    board: { vbios: '95.04.29.00.06', pciDeviceId: 0x27b8_10de, buses: [0x31] },
    lacks: ['nvmlDeviceGetTemperatureV'],
    refuses: ['nvmlDeviceGetTemperatureThreshold 2'],
    lines: [
      'count=1',
      'name=NVIDIA L4',
      'driver=550.127.05',
      'nvml=12.550.127.05',
      'cuda=12040',
      'unsupported=fan',
      'unsupported=memory_temperature',
      'unsupported=nvlink',
      'unsupported=mig',
      'unsupported=recovery',
      ...all({
        gpm: 0,
        utilization: 64,
        memory_utilization: 27,
        memory_total: 23_034 * mebi,
        memory_reserved: 466 * mebi,
        memory_used: 14_620 * mebi,
        temperature: 63,
        slowdown: 99,
        shutdown: 104,
        power_mw: 61_870,
        power_instant_mw: 63_240,
        energy_mj: 301_234_567_890,
        limit_mw: 72_000,
        limit_default_mw: 72_000,
        limit_min_mw: 40_000,
        limit_max_mw: 72_000,
        sm_mhz: 1830,
        graphics_mhz: 1830,
        sm_max_mhz: 2040,
        memory_mhz: 6251,
        memory_max_mhz: 6251,
        reasons: 0,
        pcie_generation: 4,
        pcie_generation_max: 4,
        pcie_replays: 0,
        pcie_tx_bytes: 310_456_789,
        pcie_rx_bytes: 708_876_543,
        decoder: 12,
        encoder: 7,
        throttle_power_ns: 3_412_000_000_000,
        banks_max: 96,
        ecc_correctable_volatile: 0,
        ecc_correctable_aggregate: 0,
        ecc_uncorrectable_aggregate: 0,
      }),
      ...workers(1, 14_300 * mebi, 61, 0.4),
    ],
    aSecondLater: [
      ...all({ energy_mj: 301_234_629_760, pcie_tx_bytes: 322_456_789, pcie_rx_bytes: 751_876_543 }),
      ...samples(1, 61, 0.9),
    ],
  };
}

/** PCIe board whose owner switched ECC off: its ECC fields come back blank. */
function a10(): FakeBoard {
  return {
    board: { vbios: '94.02.75.00.01', pciDeviceId: 0x2236_10de, buses: [0x65] },
    lacks: ['nvmlDeviceGetTemperatureV'],
    refuses: ['nvmlDeviceGetTemperatureThreshold 2'],
    lines: [
      'count=1',
      'name=NVIDIA A10',
      'driver=535.183.01',
      'nvml=12.535.183.01',
      'cuda=12020',
      'ecc=off',
      'unsupported=fan',
      'unsupported=memory_temperature',
      'unsupported=nvlink',
      'unsupported=mig',
      'unsupported=recovery',
      'unsupported=pcie_bytes',
      ...all({
        gpm: 0,
        utilization: 0,
        memory_utilization: 0,
        memory_total: 24_564 * mebi,
        memory_reserved: 309 * mebi,
        memory_used: 2 * mebi,
        temperature: 38,
        slowdown: 95,
        shutdown: 98,
        power_mw: 21_930,
        power_instant_mw: 21_470,
        energy_mj: 88_234_567_890,
        limit_mw: 150_000,
        limit_default_mw: 150_000,
        limit_min_mw: 100_000,
        limit_max_mw: 150_000,
        sm_mhz: 210,
        graphics_mhz: 210,
        sm_max_mhz: 1695,
        memory_mhz: 405,
        memory_max_mhz: 6251,
        reasons: 0x1,
        pcie_generation: 1,
        pcie_generation_max: 4,
        pcie_replays: 0,
        persistence: 0,
        throttle_power_ns: 0,
        banks_max: 192,
      }),
    ],
    aSecondLater: all({ energy_mj: 88_234_589_820 }),
  };
}

/** Consumer board with a screen: no ECC, no serial number, no sensor in its memory, no repairs of memory, but a fan. */
function rtx4090(): FakeBoard {
  return {
    board: { vbios: '95.02.3C.00.84', pciDeviceId: 0x2684_10de, buses: [0x01] },
    refuses: ['nvmlDeviceGetTemperatureThreshold 2'],
    lines: [
      'count=1',
      'name=NVIDIA GeForce RTX 4090',
      'driver=580.95.05',
      'nvml=13.580.95.05',
      'cuda=13000',
      'unsupported=serial',
      'unsupported=memory_temperature',
      'unsupported=ecc',
      'unsupported=ecc_mode',
      'unsupported=ecc_mode_fields',
      'unsupported=rows',
      'unsupported=row_fields',
      'unsupported=nvlink',
      'unsupported=mig',
      'unsupported=pcie_bytes',
      ...all({
        gpm: 0,
        utilization: 37,
        memory_utilization: 9,
        memory_total: 24_564 * mebi,
        memory_reserved: 492 * mebi,
        memory_used: 6_812 * mebi,
        temperature: 57,
        slowdown: 90,
        shutdown: 100,
        power_mw: 187_410,
        power_instant_mw: 191_020,
        energy_mj: 12_345_678_901,
        limit_mw: 450_000,
        limit_default_mw: 450_000,
        limit_min_mw: 150_000,
        limit_max_mw: 600_000,
        sm_mhz: 2730,
        graphics_mhz: 2730,
        sm_max_mhz: 3105,
        memory_mhz: 10_501,
        memory_max_mhz: 10_501,
        reasons: 0,
        fan: 34,
        pcie_generation: 4,
        pcie_generation_max: 4,
        pcie_replays: 0,
        persistence: 0,
        event_types: 0x18,
        throttle_power_ns: 0,
        encoder: 0,
        decoder: 3,
      }),
      `gpu.0.process=2210:${412 * mebi}:-1:-:graphics`,
      `gpu.0.process=28841:${5_980 * mebi}:-1:-:compute`,
      `gpu.0.sample=28841:${sampledAt(0.4)}:31`,
    ],
    aSecondLater: [...all({ energy_mj: 12_345_866_311 }), `gpu.0.sample=28841:${sampledAt(0.9)}:35`],
  };
}

/** Microseconds at which a process was sampled, from seconds after the first reading. */
function sampledAt(seconds: number): number {
  return Math.round((captureSeconds + seconds) * 1e6);
}

/** One process on each GPU, as a training job has it. */
function workers(gpus: number, bytes: number, percent: number, seconds: number): readonly FakeLine[] {
  const processes = range(gpus).map((gpu): FakeLine => `gpu.${gpu}.process=${40_321 + gpu}:${bytes}`);
  return [...processes, ...samples(gpus, percent, seconds)];
}

function samples(gpus: number, percent: number, seconds: number): readonly FakeLine[] {
  return range(gpus).map((gpu): FakeLine => `gpu.${gpu}.sample=${40_321 + gpu}:${sampledAt(seconds)}:${percent}`);
}
