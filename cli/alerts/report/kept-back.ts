import type { InhibitRule } from '../../../alertmanager/config.ts';
import { fits } from '../../../alertmanager/match-routes.ts';
import { type Matcher, parseMatcher } from '../../../alertmanager/matchers.ts';
import type { Labels } from '../../../kit/prometheus-api/types.ts';
import type { AlertSeries } from './alert-history.ts';

/** Says of a firing, by its series and its beginning, whether an inhibition keeps it back. */
export type IsKeptBack = (series: AlertSeries, startMs: number) => boolean;

interface Rule {
  readonly source: readonly Matcher[];
  readonly target: readonly Matcher[];
  readonly equal: readonly string[];
  readonly sources: ReadonlyMap<string, readonly AlertSeries[]>;
}

/**
 * A firing is kept back if a source of an inhibition fires when it begins, or does within `graceMs`: Alertmanager waits so long before it tells of a group.
 * One that begins when its source is over, or is told of again later, is not looked at.
 */
export function createKeptBack(
  rules: readonly InhibitRule[],
  all: readonly AlertSeries[],
  graceMs: number,
): IsKeptBack {
  const prepared = rules.map((rule) => prepare(rule, all));
  const ofSeries = new Map<AlertSeries, readonly AlertSeries[]>();

  function sourcesOf(series: AlertSeries): readonly AlertSeries[] {
    const found = ofSeries.get(series);
    if (found !== undefined) return found;
    const sources = prepared.flatMap((rule) => sourcesIn(rule, series));
    ofSeries.set(series, sources);
    return sources;
  }

  return (series, startMs) => sourcesOf(series).some((source) => firesAt(source, startMs, graceMs));
}

function prepare({ source_matchers, target_matchers, equal }: InhibitRule, all: readonly AlertSeries[]): Rule {
  const source = source_matchers.map(parseMatcher);
  const sources = new Map<string, AlertSeries[]>();
  for (const series of all) {
    if (series.firing.startsMs.length === 0 || !fitAll(source, series.labels)) continue;
    const key = placeOf(equal, series.labels);
    sources.set(key, [...(sources.get(key) ?? []), series]);
  }
  return { source, target: target_matchers.map(parseMatcher), equal, sources };
}

/** An alert that is a source as well is not kept back by another of them. */
function sourcesIn({ source, target, equal, sources }: Rule, { labels }: AlertSeries): readonly AlertSeries[] {
  if (sources.size === 0 || !fitAll(target, labels) || fitAll(source, labels)) return [];
  return sources.get(placeOf(equal, labels)) ?? [];
}

function firesAt({ firing }: AlertSeries, timeMs: number, graceMs: number): boolean {
  return firing.startsMs.some((start, index) => start <= timeMs + graceMs && (firing.endsMs[index] ?? start) > timeMs);
}

function fitAll(matchers: readonly Matcher[], labels: Labels): boolean {
  return matchers.every((each) => fits(each, labels));
}

function placeOf(equal: readonly string[], labels: Labels): string {
  return JSON.stringify(equal.map((label) => labels[label] ?? ''));
}
