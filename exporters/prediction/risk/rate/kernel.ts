import { type Horizon, horizonMs } from '../../horizon.ts';

export const dayMs = 86_400_000;

/** How fast the memory of an event fades, in days; reference: Hawkes process with a mixture of exponential kernels. */
export const decayDays: readonly number[] = [3, 10, 30, 90];

/**
 * How the hazard goes on within a horizon. `decaying`: what an event adds fades further, so that 30 days are not told by the hazard of today.
 * `constant`: it stays as it is at the moment.
 */
export type Hold = 'decaying' | 'constant';

/** Days of full hazard that a horizon is worth: of the base, then of each decay. All grow with the horizon. */
export function exposuresOf(horizon: Horizon, hold: Hold): readonly number[] {
  const days = horizonMs[horizon] / dayMs;
  const decaying = decayDays.map((decay) => -decay * Math.expm1(-days / decay));
  return [days, ...(hold === 'decaying' ? decaying : decayDays.map(() => days))];
}
