import { keyOfEntity } from '../../entity.ts';
import { horizonMs } from '../../horizon.ts';
import { startsByEntity } from '../../labels/labels-of.ts';
import { dayNumber, type ScoredDay } from '../days.ts';
import { firstFrom } from '../rows-by-entity.ts';
import type { Scored } from '../scored.ts';

export interface Episodes {
  readonly episodes: number;
  /** Those in which, or within one horizon after which, no incident starts. */
  readonly falseOnes: number;
  readonly entityDays: number;
  /** False ones per 1,000 days of an entity; undefined without a day. */
  readonly falsePer1000: number | undefined;
}

/** Alerts of an entity on days that follow each other are one episode. `alerts` must ascend by day. */
export function falseEpisodes(
  { moments, incidents, horizon }: Scored,
  alerts: Uint32Array,
  days: readonly ScoredDay[],
): Episodes {
  const starts = startsByEntity(incidents);
  const startsOf = moments.entities.map((each) => starts.get(keyOfEntity(each)) ?? []);
  const episodes = episodesOf(scoredAlerts(moments, alerts));
  const falseOnes = episodes.filter(({ entity, fromMs, untilMs }) => {
    const start = firstFrom(startsOf[entity] ?? [], fromMs);
    return start === undefined || start > untilMs + horizonMs[horizon];
  }).length;
  const entityDays = days.reduce((sum, { rows }) => sum + rows.length, 0);
  const falsePer1000 = entityDays === 0 ? undefined : (falseOnes * 1000) / entityDays;
  return { episodes: episodes.length, falseOnes, entityDays, falsePer1000 };
}

interface Alert {
  readonly entity: number;
  readonly atMs: number;
}

interface Episode {
  readonly entity: number;
  readonly fromMs: number;
  untilMs: number;
}

function scoredAlerts({ entity, atMs }: Scored['moments'], alerts: Uint32Array): readonly Alert[] {
  return [...alerts].map((row) => ({ entity: entity[row] ?? 0, atMs: atMs[row] ?? 0 }));
}

function episodesOf(alerts: readonly Alert[]): readonly Episode[] {
  const episodes: Episode[] = [];
  const last = new Map<number, Episode>();
  for (const { entity, atMs } of alerts) {
    const before = last.get(entity);
    if (before !== undefined && dayNumber(atMs) - dayNumber(before.untilMs) <= 1) {
      before.untilMs = atMs;
      continue;
    }
    const fresh = { entity, fromMs: atMs, untilMs: atMs };
    last.set(entity, fresh);
    episodes.push(fresh);
  }
  return episodes;
}
