import type { NodeView } from '../../../../exporters/gpu/node-view.ts';
import type { GpuReading, NodeReading } from '../../../../exporters/gpu/reading.ts';
import { createXidLedger } from '../../../../exporters/gpu/sources/xid-ledger.ts';
import { gpuReading, nodeReading, nodeState } from '../../../support/node-state.ts';

export const beginSeconds = 1_700_000_000;
const gib = 2 ** 30;

/** A GPU that has everything, with values that show whether a conversion is exact. */
export function fullGpu(changes: Partial<GpuReading> = {}): GpuReading {
  return gpuReading({
    identity: {
      model: 'NVIDIA H100 80GB HBM3',
      serial: '1650000000001',
      pciBusId: '00000000:19:00.0',
      vbios: '96.00.89.00.01',
      minor: 3,
    },
    utilization: { gpuRatio: 0.29, memoryControllerRatio: 0.57 },
    memory: {
      totalBytes: 80 * gib + 1,
      usedBytes: 30 * gib + 1_048_575,
      freeBytes: 49 * gib,
      reservedBytes: 580_583_424,
    },
    thermal: {
      coreCelsius: 61,
      memoryCelsius: 70,
      slowdownCelsius: 87,
      shutdownCelsius: 92,
      memoryMaxCelsius: 95,
    },
    power: {
      watts: 412.123,
      instantWatts: 433.5,
      energyJoules: 123_456_789.012,
      limitWatts: { enforced: 650, default: 700, min: 200, max: 700 },
    },
    clocks: {
      smHertz: 1_980e6,
      smMaxHertz: 1_995e6,
      memoryHertz: 2_619e6,
      memoryMaxHertz: 2_620e6,
      activeReasons: ['sw_power_cap', 'hw_thermal'],
    },
    throttle: { power: 1.000_000_007, thermal: 2, sync_boost: 3, board_limit: 4, low_util: 5, reliability: 6 },
    engines: { encoderRatio: 0.07, decoderRatio: 0.14, jpegRatio: 0, ofaRatio: 0 },
    activity: {
      graphicsRatio: 0.91,
      smRatio: 0.82,
      smOccupancyRatio: 0.33,
      tensorRatio: 0.44,
      integerRatio: 0.21,
      dramRatio: 0.55,
      fp64Ratio: 0,
      fp32Ratio: 0.12,
      fp16Ratio: 0.01,
      pcieTransmitBytesPerSecond: 1_000_000.4,
      pcieReceiveBytesPerSecond: 2_000_000.6,
      nvlinkTransmitBytesPerSecond: 3_000_000,
      nvlinkReceiveBytesPerSecond: 4_000_000,
    },
    traffic: {
      pcieTransmitBytes: 1_000,
      pcieReceiveBytes: 2_000,
      nvlinks: [
        { link: 0, transmitBytes: 10_240, receiveBytes: 20_480 },
        { link: 1, transmitBytes: 0, receiveBytes: 0 },
      ],
    },
    mig: { enabled: false, pendingEnabled: false, instances: [] },
    fan: { ratio: 0.43 },
    pcie: { generation: 5, generationMax: 5, width: 16, widthMax: 16, replays: 2 },
    ecc: {
      correctableVolatile: 11,
      uncorrectableVolatile: 12,
      correctableAggregate: 13,
      uncorrectableAggregate: 14,
    },
    nvlink: {
      links: [
        { link: 0, up: true, crcFlitErrors: 1, crcDataErrors: 2, replays: 3, recoveries: 4 },
        { link: 1, up: true, crcFlitErrors: 10, crcDataErrors: 20, replays: 30, recoveries: 40 },
      ],
    },
    rows: {
      correctable: 1,
      uncorrectable: 2,
      pending: true,
      failure: false,
      banks: { max: 640, high: 3, partial: 2, low: 1, none: 0 },
    },
    pages: { correctable: 5, uncorrectable: 6, pending: false },
    recovery: { action: 'drain_p2p' },
    modes: { compute: 'exclusive_process', persistence: true, ecc: true, eccPending: true },
    vgpu: { licensed: true },
    ...changes,
  });
}

/** The same two seconds later, with traffic. */
export function laterGpu(changes: Partial<GpuReading> = {}): GpuReading {
  return fullGpu({
    traffic: {
      pcieTransmitBytes: 5_000,
      pcieReceiveBytes: 8_000,
      nvlinks: [
        { link: 0, transmitBytes: 10_240 + 1_024_000, receiveBytes: 20_480 + 2_048_000 },
        { link: 1, transmitBytes: 0, receiveBytes: 1_024_000 },
      ],
    },
    ...changes,
  });
}

export function viewOf(
  gpus: readonly GpuReading[],
  atSeconds = beginSeconds,
  changes: Partial<NodeView> = {},
): NodeView {
  const reading: NodeReading = { ...nodeReading(gpus), takenAtSeconds: atSeconds };
  const ledger = createXidLedger();
  for (const { index, uuid } of gpus) ledger.know(index, uuid);
  return nodeState({ reading, enumerated: gpus.length, xids: ledger.counts(), ...changes });
}
