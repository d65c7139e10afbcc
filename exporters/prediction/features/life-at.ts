import type { LifeFeature } from './feature-spec.ts';
import type { Life } from './fleet-samples.ts';
import { windowMs } from './windows.ts';

const dayMs = windowMs['24h'];

/** Days, or a number of repairs. Never repaired or moved counts as `capDays`; an unknown installation is unknown. */
export function lifeAt({ as, capDays }: LifeFeature, life: Life | undefined, atMs: number): number {
  const capped = (sinceMs: number): number => Math.min(capDays, (atMs - sinceMs) / dayMs);
  switch (as) {
    case 'since_install': {
      const installed = life?.installedMs;
      return installed === undefined || installed > atMs ? Number.NaN : capped(installed);
    }
    case 'since_repair':
      return life?.repairedMs === undefined ? Number.NaN : capped(lastUntil(life.repairedMs, atMs));
    case 'since_move':
      return life?.movedMs === undefined ? Number.NaN : capped(lastUntil(life.movedMs, atMs));
    case 'repairs':
      return life?.repairedMs === undefined
        ? Number.NaN
        : life.repairedMs.filter((time) => time <= atMs && time > atMs - capDays * dayMs).length;
  }
}

function lastUntil(times: readonly number[], atMs: number): number {
  let last = Number.NEGATIVE_INFINITY;
  for (const time of times) last = time <= atMs && time > last ? time : last;
  return last;
}
