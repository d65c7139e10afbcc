import type { AlertmanagerConfig } from '../../../alertmanager/config.ts';
import { takenRoutes } from '../../../alertmanager/match-routes.ts';
import { nobody } from '../../../alertmanager/receiver-sets.ts';
import { seconds } from '../../../kit/options/duration.ts';
import type { AlertSeries } from './alert-history.ts';
import { createKeptBack } from './kept-back.ts';

/** From firings to messages, by what the routes and inhibitions say. */
export interface MessageCount {
  readonly firings: number;
  /** Firings that nobody is told of, such as muted infos. */
  readonly toldNobody: number;
  /** Of the others, those that an inhibition keeps back. */
  readonly keptBack: number;
  /** Messages that tell of a new firing. Reminders and the end of alerts come on top. */
  readonly messages: number;
}

interface Way {
  readonly key: string;
  readonly everyMs: number;
}

/** How many messages the firings that began in the window made: one for each group and interval in which something new began. */
export function countMessages(
  all: readonly AlertSeries[],
  { route, inhibit_rules }: AlertmanagerConfig,
  graceMs: number,
): MessageCount {
  const isKeptBack = createKeptBack(inhibit_rules, all, graceMs);
  const messages = new Set<string>();
  const count = { firings: 0, toldNobody: 0, keptBack: 0 };
  for (const series of all) {
    const ways = waysOf(route, series);
    const starts = series.firing.startsMs.slice(series.firing.heldAtStart ? 1 : 0);
    const told = ways.length === 0 ? [] : starts.filter((start) => !isKeptBack(series, start));
    count.firings += starts.length;
    if (ways.length === 0) count.toldNobody += starts.length;
    else count.keptBack += starts.length - told.length;
    for (const start of told) for (const key of messagesAt(ways, start)) messages.add(key);
  }
  return { ...count, messages: messages.size };
}

function messagesAt(ways: readonly Way[], startMs: number): readonly string[] {
  return ways.map(({ key, everyMs }) => `${key}${Math.floor(startMs / everyMs)}`);
}

function waysOf(route: AlertmanagerConfig['route'], { labels }: AlertSeries): readonly Way[] {
  return takenRoutes(route, labels)
    .filter(({ receiver }) => receiver !== nobody)
    .map(({ receiver, groupBy, every }) => ({
      key: JSON.stringify([receiver, ...groupBy.map((label) => labels[label] ?? '')]),
      everyMs: 1000 * seconds(every ?? '5m'),
    }));
}
