import type { Activity, GpuProcess, Utilization } from '../../reading.ts';
import { board } from './board.ts';
import { noise } from './random.ts';
import type { Fault } from './scenarios.ts';

export const podKinds = ['training', 'inference', 'notebook'] as const;
export type PodKind = (typeof podKinds)[number];

/** A process of a pod on one GPU. */
export interface SimulatedProcess {
  readonly pid: number;
  readonly kind: PodKind;
  /** Number of its pod on the node, from 0: processes of one pod work and rest together. */
  readonly pod: number;
  /** Number of GPUs of its pod; several talk over NVLink. */
  readonly gpusOfPod: number;
}

/** What a second of work asks of the board, as shares of what it can do. */
interface Profile {
  readonly sm: number;
  readonly occupancy: number;
  readonly tensor: number;
  readonly integer: number;
  readonly fp32: number;
  readonly fp16: number;
  readonly dram: number;
  readonly pcieReceive: number;
  readonly pcieTransmit: number;
  /** Only where the pod has several GPUs. */
  readonly nvlink: number;
}

const profiles: Readonly<Record<PodKind, Profile>> = {
  training: {
    sm: 0.9,
    occupancy: 0.42,
    tensor: 0.38,
    integer: 0.2,
    fp32: 0.1,
    fp16: 0.05,
    dram: 0.46,
    pcieReceive: 0.02,
    pcieTransmit: 0.006,
    nvlink: 0.4,
  },
  inference: {
    sm: 0.7,
    occupancy: 0.3,
    tensor: 0.14,
    integer: 0.15,
    fp32: 0.06,
    fp16: 0.08,
    dram: 0.68,
    pcieReceive: 0.004,
    pcieTransmit: 0.004,
    nvlink: 0,
  },
  notebook: {
    sm: 0.5,
    occupancy: 0.25,
    tensor: 0.06,
    integer: 0.12,
    fp32: 0.2,
    fp16: 0,
    dram: 0.3,
    pcieReceive: 0.01,
    pcieTransmit: 0.01,
    nvlink: 0,
  },
};

export interface WorkloadKey {
  readonly seed: number;
  readonly node: number;
  readonly gpu: number;
}

/** What the processes of one GPU do. The same key and second give the same work; without a process there is none. */
export interface Workload {
  readonly step: (second: number, fault?: Pick<Fault, 'idle' | 'waiting'>) => void;
  /** Share of the last second in which kernels ran, 0 to 1; those that wait for other GPUs count. */
  readonly load: () => number;
  /** The same without the time in which they only waited. */
  readonly effort: () => number;
  readonly utilization: () => Utilization;
  /** Without NVLink, which may carry less than is asked of it. */
  readonly activity: () => Activity;
  readonly usedBytes: () => number;
  readonly processes: () => readonly GpuProcess[];
  /** What the processes want to send over all links, and as much to receive. */
  readonly nvlinkBytesPerSecond: () => number;
  readonly pcieBytesPerSecond: () => { readonly transmit: number; readonly receive: number };
}

/** What the driver itself takes. */
const driverBytes = 4 * 1024 * 1024;

export function createWorkload(key: WorkloadKey, processes: readonly SimulatedProcess[]): Workload {
  const shares = processes.map(() => 0);
  const bytes = processes.map((process) => memoryOf(key, process));
  const usedBytes = bytes.reduce((sum, each) => sum + each, driverBytes);
  let load = 0;
  /** Share of its work that a process does, 1 without waiting. */
  let working = 1;

  /** Weighted by how much each process computed. */
  function of(aspect: keyof Profile): number {
    let sum = 0;
    for (const [index, { kind }] of processes.entries()) sum += (shares[index] ?? 0) * working * profiles[kind][aspect];
    return sum;
  }

  function nvlinkBytesPerSecond(): number {
    let sum = 0;
    for (const [index, { kind, gpusOfPod }] of processes.entries()) {
      if (gpusOfPod > 1) sum += (shares[index] ?? 0) * working * profiles[kind].nvlink;
    }
    return Math.round(sum * board.nvlinkBytesPerSecond);
  }

  function pcieBytesPerSecond() {
    return {
      transmit: Math.round(of('pcieTransmit') * board.pcieBytesPerSecond),
      receive: Math.round(of('pcieReceive') * board.pcieBytesPerSecond),
    };
  }

  return {
    step: (second, { idle = false, waiting = 0 } = {}) => {
      load = 0;
      working = 1 - waiting;
      for (const [index, process] of processes.entries()) {
        const share = idle ? 0 : percent(shareOf(key, process, second));
        shares[index] = share;
        load += share;
      }
      load = percent(Math.min(1, load));
    },
    load: () => load,
    effort: () => load * working,
    utilization: () => ({ gpuRatio: load, memoryControllerRatio: percent(of('dram')) }),
    activity: () => {
      const { transmit, receive } = pcieBytesPerSecond();
      return {
        graphicsRatio: load,
        smRatio: permille(of('sm')),
        smOccupancyRatio: permille(of('occupancy')),
        tensorRatio: permille(of('tensor')),
        integerRatio: permille(of('integer')),
        dramRatio: permille(of('dram')),
        fp64Ratio: 0,
        fp32Ratio: permille(of('fp32')),
        fp16Ratio: permille(of('fp16')),
        pcieTransmitBytesPerSecond: transmit,
        pcieReceiveBytesPerSecond: receive,
      };
    },
    usedBytes: () => usedBytes,
    processes: () =>
      processes.map(({ pid }, index) => ({
        pid,
        usedMemoryBytes: bytes[index] ?? 0,
        smRatio: shares[index] ?? 0,
      })),
    nvlinkBytesPerSecond,
    pcieBytesPerSecond,
  };
}

/** Share of the second in which the process computes, 0 to 1. */
function shareOf({ seed, node, gpu }: WorkloadKey, { kind, pod }: SimulatedProcess, second: number): number {
  switch (kind) {
    case 'training':
      return 0.86 + 0.13 * noise(seed, node, gpu, 3, second);
    case 'inference': {
      // Three of them fit on one GPU.
      const demand = noise(seed, node, pod, 14, Math.floor(second / 30));
      return 0.04 + 0.18 * demand + 0.06 * noise(seed, node, pod, 15, second);
    }
    case 'notebook':
      return noise(seed, node, pod, 16, Math.floor(second / 90)) < 0.2
        ? 0.3 + 0.3 * noise(seed, node, pod, 17, second)
        : 0;
  }
}

const megabyte = 1024 * 1024;
const memoryShares: Readonly<Record<PodKind, { readonly least: number; readonly spread: number }>> = {
  training: { least: 0.62, spread: 0.2 },
  inference: { least: 0.16, spread: 0.08 },
  notebook: { least: 0.05, spread: 0.3 },
};

/** A process keeps its memory while it rests. */
function memoryOf({ seed, node, gpu }: WorkloadKey, { kind, pod }: SimulatedProcess): number {
  const { least, spread } = memoryShares[kind];
  const share = least + spread * noise(seed, node, gpu, pod, 8);
  return Math.round((board.memoryBytes * share) / megabyte) * megabyte;
}

function percent(value: number): number {
  return Math.round(value * 100) / 100;
}

function permille(value: number): number {
  return Math.round(value * 1000) / 1000;
}
