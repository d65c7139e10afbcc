import type { ClockEventReason, Clocks, Power, Thermal, Throttle } from '../../reading.ts';
import { board } from './board.ts';
import { noise } from './random.ts';
import type { WorkloadKey } from './workload.ts';

/** Share of the way to where it settles that the temperature goes in one second. */
const heatingPerSecond = 0.08;
/** The driver lowers the clocks a little before the hardware has to. */
const softwareSlowdownCelsius = board.slowdownCelsius - 2;
/** From here on the power limit holds the clocks down. */
const capWatts = 0.975 * board.limitWatts;

const limitWatts = {
  enforced: board.limitWatts,
  default: board.limitWatts,
  min: board.minLimitWatts,
  max: board.limitWatts,
} as const;

/** Power, temperature and clocks, and what they do to each other. */
export interface Heat {
  readonly step: (second: number, load: number, extraCelsius: number) => void;
  readonly power: () => Power;
  readonly thermal: () => Thermal;
  readonly clocks: () => Clocks;
  readonly throttle: () => Throttle;
}

export function createHeat({ seed, node, gpu }: WorkloadKey): Heat {
  const inletCelsius = board.inletCelsius + 3 * noise(seed, node, gpu, 5);
  const seconds = { power: 0, thermal: 0, low_util: 0 };
  let load = 0;
  let celsius: number = board.inletCelsius + 8;
  let watts: number = board.idleWatts;
  let instantWatts: number = board.idleWatts;
  let joules = 0;

  const isHot = (): boolean => celsius >= board.slowdownCelsius;
  const isWarm = (): boolean => celsius >= softwareSlowdownCelsius;
  const isCapped = (): boolean => watts >= capWatts;

  function reasons(): readonly ClockEventReason[] {
    if (isHot()) return ['hw_slowdown', 'hw_thermal'];
    if (isWarm()) return ['sw_thermal'];
    if (isCapped()) return ['sw_power_cap'];
    return load === 0 ? ['gpu_idle'] : [];
  }

  function smHertz(): number {
    if (load === 0) return board.idleSmHertz;
    return isHot() ? board.smHertz * 0.55 : board.smHertz;
  }

  return {
    step: (second, nextLoad, extraCelsius) => {
      load = nextLoad;
      const demand = load * (isHot() ? 0.7 : 1) * (560 + 80 * noise(seed, node, gpu, 4, second));
      watts = Math.min(board.idleWatts + demand, board.limitWatts);
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
      limitWatts,
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
