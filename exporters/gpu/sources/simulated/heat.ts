import type { ClockEventReason, Clocks, Power, Thermal, Throttle } from '../../reading.ts';
import { board } from './board.ts';
import { noise } from './random.ts';
import type { Fault } from './scenarios.ts';
import type { WorkloadKey } from './workload.ts';

/** Share of the way to where it settles that the temperature goes in one second. */
const heatingPerSecond = 0.08;
/** The driver lowers the clocks a little before the hardware has to. */
const softwareSlowdownCelsius = board.slowdownCelsius - 2;
/** From this share of the power limit on it holds the clocks down. */
const capShare = 0.975;

const limitWatts = { default: board.limitWatts, min: board.minLimitWatts, max: board.limitWatts } as const;

interface Work {
  /** Share of the second in which kernels ran, 0 to 1. */
  readonly load: number;
  /** The same without those that only waited, which draw little. */
  readonly effort: number;
}

/** Power, temperature and clocks, and what they do to each other. */
export interface Heat {
  readonly step: (second: number, work: Work, fault?: Pick<Fault, 'extraCelsius' | 'limitWatts'>) => void;
  readonly power: () => Power;
  readonly thermal: () => Thermal;
  readonly clocks: () => Clocks;
  readonly throttle: () => Throttle;
}

export function createHeat({ seed, node, gpu }: WorkloadKey): Heat {
  const inletCelsius = board.inletCelsius + 3 * noise(seed, node, gpu, 5);
  const seconds = { power: 0, thermal: 0, low_util: 0 };
  let load = 0;
  let limit: number = board.limitWatts;
  /** How far the power limit holds the clock down, 1 for not at all. */
  let clockRatio = 1;
  let celsius: number = board.inletCelsius + 8;
  let watts: number = board.idleWatts;
  let instantWatts: number = board.idleWatts;
  let joules = 0;

  const isHot = (): boolean => celsius >= board.slowdownCelsius;
  const isWarm = (): boolean => celsius >= softwareSlowdownCelsius;
  const isCapped = (): boolean => watts >= capShare * limit;

  function reasons(): readonly ClockEventReason[] {
    if (isHot()) return ['hw_slowdown', 'hw_thermal'];
    if (isWarm()) return ['sw_thermal'];
    if (isCapped()) return ['sw_power_cap'];
    return load === 0 ? ['gpu_idle'] : [];
  }

  function smHertz(): number {
    if (load === 0) return board.idleSmHertz;
    return Math.round(board.smHertz * (isHot() ? 0.55 : clockRatio));
  }

  return {
    step: (second, work, { extraCelsius = 0, limitWatts: lowered = board.limitWatts } = {}) => {
      load = work.load;
      limit = lowered;
      const demand = work.effort * (isHot() ? 0.7 : 1) * (560 + 80 * noise(seed, node, gpu, 4, second));
      watts = Math.min(board.idleWatts + demand, limit);
      clockRatio = Math.min(1, (limit - board.idleWatts) / demand);
      instantWatts = watts * (0.97 + 0.06 * noise(seed, node, gpu, 9, second));
      joules += watts;
      const settles = inletCelsius + watts * board.kelvinPerWatt + extraCelsius;
      celsius = Math.min(celsius + (settles - celsius) * heatingPerSecond, board.shutdownCelsius - 0.5);
      if (isWarm()) seconds.thermal++;
      if (isCapped()) seconds.power++;
      if (load === 0) seconds.low_util++;
    },
    power: () => ({
      watts: milli(watts),
      instantWatts: milli(instantWatts),
      energyJoules: milli(joules),
      limitWatts: { enforced: limit, ...limitWatts },
    }),
    thermal: () => ({
      coreCelsius: Math.round(celsius),
      memoryCelsius: Math.round(celsius + 4),
      slowdownCelsius: board.slowdownCelsius,
      shutdownCelsius: board.shutdownCelsius,
      memoryMaxCelsius: board.memoryMaxCelsius,
    }),
    clocks: () => ({
      smHertz: smHertz(),
      smMaxHertz: board.smHertz,
      memoryHertz: board.memoryHertz,
      memoryMaxHertz: board.memoryHertz,
      activeReasons: reasons(),
    }),
    throttle: () => ({ ...seconds, sync_boost: 0, board_limit: 0, reliability: 0 }),
  };
}

function milli(value: number): number {
  return Math.round(value * 1000) / 1000;
}
