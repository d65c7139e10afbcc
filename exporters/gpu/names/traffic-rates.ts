import type { GpuReading, NodeReading, Tier, Traffic } from '../reading.ts';

/** Bytes per second between the last two readings; a rate that cannot be told is absent. */
export interface TrafficRates {
  readonly pcieTransmit?: number | undefined;
  readonly pcieReceive?: number | undefined;
  /** Both directions over all links. */
  readonly nvlink?: number | undefined;
}

export interface TrafficMeter {
  /** Takes the next state. One that repeats the last reading, or in which traffic was not due, leaves the rates as they are. */
  readonly update: (reading: NodeReading | undefined, reloads: number) => void;
  readonly of: (uuid: string) => TrafficRates;
}

/** The tier in which `traffic` is read. */
const trafficTier: Tier = 'fast';

interface Metered {
  readonly atSeconds: number;
  readonly counters: Counters;
  readonly rates: TrafficRates;
}

/** Bytes by counter; the links keep theirs apart because one may come or go. */
interface Counters {
  readonly pcieTransmit: ReadonlyMap<string, number>;
  readonly pcieReceive: ReadonlyMap<string, number>;
  readonly nvlink: ReadonlyMap<string, number>;
}

/**
 * Makes rates of byte counters, for fields that DCGM gives as rates. There is none after the first reading, after a gap, after the
 * driver was loaded anew, and when a counter went back.
 */
export function createTrafficMeter(): TrafficMeter {
  let metered: ReadonlyMap<string, Metered> = new Map();
  let lastReloads = 0;

  function meter(gpu: GpuReading, atSeconds: number): readonly (readonly [string, Metered])[] {
    if (gpu.failure !== undefined || gpu.traffic === undefined) return [];
    const before = metered.get(gpu.uuid);
    if (before?.atSeconds === atSeconds) return [[gpu.uuid, before]];
    const counters = countersOf(gpu.traffic);
    const rates = before === undefined ? {} : ratesBetween(before, { atSeconds, counters });
    return [[gpu.uuid, { atSeconds, counters, rates }]];
  }

  return {
    update: (reading, reloads) => {
      if (reloads !== lastReloads) metered = new Map();
      lastReloads = reloads;
      if (reading === undefined) metered = new Map();
      else if (reading.tiers.includes(trafficTier))
        metered = new Map(reading.gpus.flatMap((gpu) => meter(gpu, reading.takenAtSeconds)));
    },
    of: (uuid) => metered.get(uuid)?.rates ?? {},
  };
}

function countersOf({ pcieTransmitBytes, pcieReceiveBytes, nvlinks }: Traffic): Counters {
  const total = nvlinks.filter(({ link }) => link === 'all');
  const links = total.length > 0 ? total : nvlinks;
  return {
    pcieTransmit: present([['', pcieTransmitBytes]]),
    pcieReceive: present([['', pcieReceiveBytes]]),
    nvlink: present(
      links.flatMap(({ link, transmitBytes, receiveBytes }) => [
        [`${link} transmit`, transmitBytes],
        [`${link} receive`, receiveBytes],
      ]),
    ),
  };
}

function present(counters: readonly (readonly [string, number | undefined])[]): ReadonlyMap<string, number> {
  return new Map(counters.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}

function ratesBetween(before: Omit<Metered, 'rates'>, now: Omit<Metered, 'rates'>): TrafficRates {
  const elapsed = now.atSeconds - before.atSeconds;
  if (elapsed <= 0) return {};
  const rate = (counter: keyof Counters): number | undefined => {
    const grown = growth(before.counters[counter], now.counters[counter]);
    return grown === undefined ? undefined : grown / elapsed;
  };
  return { pcieTransmit: rate('pcieTransmit'), pcieReceive: rate('pcieReceive'), nvlink: rate('nvlink') };
}

/** By how much the counters that are in both have grown; undefined if there are none, or if one went back. */
function growth(before: ReadonlyMap<string, number>, now: ReadonlyMap<string, number>): number | undefined {
  const steps = [...now].flatMap(([name, value]) => {
    const last = before.get(name);
    return last === undefined ? [] : [value - last];
  });
  if (steps.length === 0 || steps.some((step) => step < 0)) return undefined;
  return steps.reduce((sum, step) => sum + step, 0);
}
