import type { ClockEventReason, GpuReading } from '../../reading.ts';
import { noise } from './random.ts';
import type { Fault } from './scenarios.ts';

/** Data sheet and limits of the simulated board; figures of an H100 SXM5 80 GB. */
const board = {
  model: 'NVIDIA H100 80GB HBM3',
  vbios: '96.00.89.00.01',
  memoryBytes: 85_520_809_984,
  reservedBytes: 580_583_424,
  idleWatts: 72,
  limitWatts: 700,
  minLimitWatts: 200,
  inletCelsius: 27,
  /** Kelvin per watt: 700 W settle about 40 K above the air that comes in. */
  kelvinPerWatt: 0.055,
  slowdownCelsius: 87,
  shutdownCelsius: 92,
  memoryMaxCelsius: 95,
  smHertz: 1_980e6,
  idleSmHertz: 345e6,
  memoryHertz: 2_619e6,
} as const;

/** Share of the way to where it settles that the temperature goes in one second. */
const heatingPerSecond = 0.08;

export interface SimulatedGpu {
  readonly uuid: string;
  /** Advances by one second. */
  readonly step: (second: number, fault: Fault | undefined) => void;
  readonly reading: () => GpuReading;
}

export interface SimulatedGpuKey {
  readonly seed: number;
  readonly node: number;
  readonly gpu: number;
}

/** One GPU that works in shifts of a few minutes and heats, draws and counts like a real one. The same key gives the same GPU. */
export function createSimulatedGpu(key: SimulatedGpuKey): SimulatedGpu {
  const { seed, node, gpu } = key;
  const uuid = uuidOf(key);
  const serial = String(1_650_000_000_000 + Math.floor(noise(seed, node, gpu, 7) * 1e9));
  const shift = 240 + Math.floor(noise(seed, node, gpu, 1) * 360);
  let load = 0;
  let celsius = board.inletCelsius + 8;
  let watts: number = board.idleWatts;
  let joules = 0;
  let correctable = 0;
  let uncorrectable = 0;
  let replays = 0;
  let lost = false;

  function step(second: number, fault: Fault | undefined): void {
    lost = fault?.lost ?? false;
    if (lost) return;
    const works = noise(seed, node, gpu, 2, Math.floor(second / shift)) < 0.85;
    load = works ? 0.86 + 0.13 * noise(seed, node, gpu, 3, second) : 0;
    const throttle = celsius >= board.slowdownCelsius ? 0.7 : 1;
    watts = board.idleWatts + load * throttle * (560 + 40 * noise(seed, node, gpu, 4, second));
    joules += watts;
    const settles =
      board.inletCelsius + 3 * noise(seed, node, gpu, 5) + watts * board.kelvinPerWatt + (fault?.extraCelsius ?? 0);
    celsius = Math.min(celsius + (settles - celsius) * heatingPerSecond, board.shutdownCelsius - 0.5);
    correctable += fault?.correctableErrors ?? 0;
    uncorrectable += fault?.uncorrectableErrors ?? 0;
    if (noise(seed, node, gpu, 6, second) < 0.0005) replays++;
  }

  function reasons(): readonly ClockEventReason[] {
    if (celsius >= board.slowdownCelsius) return ['hw_slowdown', 'hw_thermal'];
    if (celsius >= board.slowdownCelsius - 2) return ['sw_thermal'];
    return load === 0 ? ['gpu_idle'] : [];
  }

  function reading(): GpuReading {
    const identity = { model: board.model, serial, pciBusId: pciBusIdOf(gpu), vbios: board.vbios };
    if (lost) return { index: gpu, uuid, identity, failure: 'gpu_is_lost', errors: {} };
    const usedBytes = load === 0 ? 0 : Math.round(board.memoryBytes * (0.62 + 0.2 * noise(seed, node, gpu, 8)));
    return {
      index: gpu,
      uuid,
      identity,
      errors: {},
      utilization: { gpuRatio: round(load, 100), memoryControllerRatio: round(load * 0.46, 100) },
      memory: {
        totalBytes: board.memoryBytes,
        usedBytes,
        freeBytes: board.memoryBytes - board.reservedBytes - usedBytes,
        reservedBytes: board.reservedBytes,
      },
      thermal: {
        coreCelsius: Math.round(celsius),
        memoryCelsius: Math.round(celsius + 4),
        slowdownCelsius: board.slowdownCelsius,
        shutdownCelsius: board.shutdownCelsius,
        memoryMaxCelsius: board.memoryMaxCelsius,
      },
      power: {
        watts: round(watts, 1000),
        energyJoules: round(joules, 1000),
        limitWatts: {
          enforced: board.limitWatts,
          default: board.limitWatts,
          min: board.minLimitWatts,
          max: board.limitWatts,
        },
      },
      clocks: {
        smHertz:
          load === 0 ? board.idleSmHertz : celsius >= board.slowdownCelsius ? board.smHertz * 0.55 : board.smHertz,
        smMaxHertz: board.smHertz,
        memoryHertz: board.memoryHertz,
        memoryMaxHertz: board.memoryHertz,
        activeReasons: reasons(),
      },
      pcie: { generation: 5, generationMax: 5, width: 16, widthMax: 16, replays },
      ecc: {
        correctableVolatile: correctable,
        uncorrectableVolatile: uncorrectable,
        correctableAggregate: correctable,
        uncorrectableAggregate: uncorrectable,
      },
    };
  }

  return { uuid, step, reading };
}

/** The UUID that a simulated GPU has in every part of the simulated cluster. */
export function uuidOf({ seed, node, gpu }: SimulatedGpuKey): string {
  const digits = [10, 11, 12, 13].map((part) => hex8(noise(seed, node, gpu, part))).join('');
  const parts = [
    digits.slice(0, 8),
    digits.slice(8, 12),
    digits.slice(12, 16),
    digits.slice(16, 20),
    digits.slice(20, 32),
  ];
  return `GPU-${parts.join('-')}`;
}

function hex8(value: number): string {
  return Math.floor(value * 0x1_0000_0000)
    .toString(16)
    .padStart(8, '0');
}

function pciBusIdOf(gpu: number): string {
  return `00000000:${(0x19 + gpu * 0x11).toString(16).toUpperCase().padStart(2, '0')}:00.0`;
}

function round(value: number, steps: number): number {
  return Math.round(value * steps) / steps;
}
