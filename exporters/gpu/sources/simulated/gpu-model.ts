import type { GpuReading } from '../../reading.ts';
import { board } from './board.ts';
import { createHeat } from './heat.ts';
import { createLinks } from './links.ts';
import { createMemoryHealth } from './memory-health.ts';
import { noise } from './random.ts';
import type { Fault } from './scenarios.ts';
import { simulatedUuid } from './simulated-uuid.ts';
import { createWorkload, type SimulatedProcess, type WorkloadKey } from './workload.ts';

export interface SimulatedGpu {
  readonly uuid: string;
  /** Advances by one second. */
  readonly step: (second: number, fault: Fault | undefined) => void;
  readonly reading: () => GpuReading;
}

export type SimulatedGpuKey = WorkloadKey;

const engines = { encoderRatio: 0, decoderRatio: 0, jpegRatio: 0, ofaRatio: 0 } as const;
const mig = { enabled: false, pendingEnabled: false, instances: [] } as const;
const modes = { compute: 'default', persistence: true, ecc: true, eccPending: true } as const;

/** One GPU that heats, draws and counts like a real one while its processes work. The same key gives the same GPU. */
export function createSimulatedGpu(key: SimulatedGpuKey, processes: readonly SimulatedProcess[]): SimulatedGpu {
  const { seed, node, gpu } = key;
  const uuid = uuidOf(key);
  const serial = serialOf(key);
  const identity = { model: board.model, serial, pciBusId: pciBusIdOf(gpu), vbios: board.vbios, minor: gpu };
  const workload = createWorkload(key, processes);
  const heat = createHeat(key);
  const links = createLinks();
  const health = createMemoryHealth();
  const pcieBytes = { transmit: 0, receive: 0 };
  let replays = 0;
  let lost = false;

  function step(second: number, fault: Fault | undefined): void {
    lost = fault?.lost ?? false;
    if (lost) return;
    workload.step(second, fault);
    heat.step(second, { load: workload.load(), effort: workload.effort() }, fault);
    links.step(workload.nvlinkBytesPerSecond(), fault?.link);
    health.step(fault);
    const { transmit, receive } = workload.pcieBytesPerSecond();
    pcieBytes.transmit += transmit;
    pcieBytes.receive += receive;
    if (noise(seed, node, gpu, 6, second) < 0.0005) replays++;
  }

  function reading(): GpuReading {
    if (lost) return { index: gpu, uuid, identity, failure: 'gpu_is_lost', errors: {} };
    const nvlinkBytes = links.bytesPerSecond();
    return {
      index: gpu,
      uuid,
      identity,
      errors: {},
      utilization: workload.utilization(),
      memory: memoryOf(workload.usedBytes()),
      thermal: heat.thermal(),
      power: heat.power(),
      clocks: heat.clocks(),
      throttle: heat.throttle(),
      engines,
      activity: {
        ...workload.activity(),
        nvlinkTransmitBytesPerSecond: nvlinkBytes,
        nvlinkReceiveBytesPerSecond: nvlinkBytes,
      },
      traffic: {
        pcieTransmitBytes: pcieBytes.transmit,
        pcieReceiveBytes: pcieBytes.receive,
        nvlinks: links.traffic(),
      },
      mig,
      pcie: { generation: 5, generationMax: 5, width: 16, widthMax: 16, replays },
      nvlink: links.nvlink(),
      ecc: health.ecc(),
      rows: health.rows(),
      recovery: health.recovery(),
      modes,
      processes: { list: workload.processes(), smMeasured: true },
    };
  }

  return { uuid, step, reading };
}

/** The UUID that a simulated GPU has in every part of the simulated cluster. */
export function uuidOf({ seed, node, gpu }: SimulatedGpuKey): string {
  return `GPU-${simulatedUuid(seed, node, gpu)}`;
}

/** Its serial number, likewise. */
export function serialOf({ seed, node, gpu }: SimulatedGpuKey): string {
  return String(1_650_000_000_000 + Math.floor(noise(seed, node, gpu, 7) * 1e9));
}

function memoryOf(usedBytes: number) {
  return {
    totalBytes: board.memoryBytes,
    usedBytes,
    freeBytes: board.memoryBytes - board.reservedBytes - usedBytes,
    reservedBytes: board.reservedBytes,
  };
}

function pciBusIdOf(gpu: number): string {
  return `00000000:${(0x19 + gpu * 0x11).toString(16).toUpperCase().padStart(2, '0')}:00.0`;
}
