import { noise } from '../../../exporters/gpu/sources/simulated/random.ts';

/**
 * Something that flows at a rate which rises and falls, such as bytes or CPU seconds. Rate and total at a moment depend on the moment alone, so that
 * a counter never falls whoever asks when.
 */
export interface Flow {
  readonly rateAt: (seconds: number) => number;
  /** What has flowed since `sinceSeconds`. */
  readonly totalAt: (seconds: number, sinceSeconds: number) => number;
}

export interface FlowKey {
  readonly mean: number;
  /** By how much of the mean the rate swings, below 1. */
  readonly swing: number;
  /** Tells flows apart. */
  readonly keys: readonly number[];
}

/** A slow wave of some minutes and a quick one, so that curves do not look drawn with a ruler. */
const waves = [
  { part: 0.65, shortest: 420, longest: 1_100 },
  { part: 0.35, shortest: 55, longest: 160 },
] as const;

export function createFlow({ mean, swing, keys }: FlowKey): Flow {
  const own = waves.map(({ part, shortest, longest }, index) => {
    const period = shortest + (longest - shortest) * noise(...keys, index, 61);
    return { height: part * swing, turn: (2 * Math.PI) / period, phase: 2 * Math.PI * noise(...keys, index, 62) };
  });
  const risen = (seconds: number): number =>
    own.reduce((sum, { height, turn, phase }) => sum - (height / turn) * Math.cos(turn * seconds + phase), 0);
  return {
    rateAt: (seconds) =>
      mean * own.reduce((sum, { height, turn, phase }) => sum + height * Math.sin(turn * seconds + phase), 1),
    totalAt: (seconds, sinceSeconds) => mean * (seconds - sinceSeconds + risen(seconds) - risen(sinceSeconds)),
  };
}

/** Mean rate over the time before. */
export function meanRate(flow: Flow, atSeconds: number, overSeconds: number): number {
  return flow.totalAt(atSeconds, atSeconds - overSeconds) / overSeconds;
}
