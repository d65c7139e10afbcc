import type { Inventory } from '../inventory/inventory.ts';
import type { Item } from '../model/item.ts';
import { type DependencyGraph, graphOf } from './compile-graph.ts';
import { closureOf } from './depends.ts';
import { createFailure, down, type Failure } from './failure.ts';
import { itemsAt } from './impact.ts';

export interface Alerting {
  readonly id: number;
  /** What the alert says of the item; undefined where it says neither. */
  readonly state?: 'down' | 'degraded' | undefined;
}

export interface RootCauseOptions {
  /** Candidates that are listed. */
  readonly limit?: number;
}

export interface RootCauses {
  /** What may have caused it, the likeliest first. */
  readonly candidates: readonly Candidate[];
  /** The fewest candidates that were found to explain all together, the one that explains most first. */
  readonly explanation: readonly Candidate[];
  /** What none of the explanation explains. */
  readonly unexplained: readonly Item[];
  readonly unknown: readonly number[];
  /** True if not everything was tried, because there were too many candidates or alerts. */
  readonly isIncomplete: boolean;
  /** Work: needs that were looked at. */
  readonly needsVisited: number;
}

export interface Candidate {
  readonly item: Item;
  /** Harmonic mean of the two below, 1 if it explains exactly what alerts. */
  readonly score: number;
  /** Share of what alerts that would be hit if the candidate failed. Down that shows as degraded, and the reverse, counts half. */
  readonly recall: number;
  /** Share of what would be hit, of the classes that alert, that does alert. */
  readonly precision: number;
  readonly explained: readonly Item[];
  /** What alerts and must have another cause. */
  readonly leftOut: readonly Item[];
  /** What should alert too if this were the cause, and does not: evidence against it. A few of them, and how many there are. */
  readonly silent: readonly Item[];
  readonly silentCount: number;
  /** All that would be hit, of any class. */
  readonly affected: number;
  /** Mean steps from the candidate to what it explains. */
  readonly distance: number;
}

const maxAlerting = 1000;
const maxClosure = 20_000;
const maxCandidates = 500;
const maxVisits = 20_000_000;
const maxSilent = 10;
const maxCauses = 5;
/** A cause that explains one alert of many is none that they share. */
const leastGain = 2;

/** Which shared parents explain best that exactly these items alert. */
export function rootCauses(
  inventory: Inventory,
  alerts: readonly Alerting[],
  { limit = 10 }: RootCauseOptions = {},
): RootCauses {
  const graph = graphOf(inventory);
  const alerting = new Map<number, Alerting['state']>();
  for (const { id, state } of alerts.slice(0, maxAlerting)) {
    const index = graph.indexOf.get(id);
    if (index !== undefined) alerting.set(index, state);
  }
  const shared = sharedParents(graph, alerting.keys());
  const failure = createFailure(graph);
  const tried: Candidate[] = [];
  for (const index of shared.slice(0, maxCandidates)) {
    if (failure.needsVisited() > maxVisits) break;
    const candidate = judge(graph, failure, alerting, index);
    if (candidate !== undefined) tried.push(candidate);
  }
  tried.sort(likelierFirst);
  const explanation = cover(tried, alerting.size);
  const explained = new Set(explanation.flatMap((candidate) => candidate.explained));
  return {
    candidates: tried.slice(0, limit),
    explanation,
    unexplained: itemsAt(graph, [...alerting.keys()]).filter((item) => !explained.has(item)),
    unknown: alerts.filter(({ id }) => !graph.indexOf.has(id)).map(({ id }) => id),
    isIncomplete: alerts.length > maxAlerting || shared.length > maxCandidates || failure.needsVisited() > maxVisits,
    needsVisited: failure.needsVisited(),
  };
}

/** All that any of them needs, themselves included; what most of them need first, of those the nearest. */
function sharedParents(graph: DependencyGraph, alerting: Iterable<number>): readonly number[] {
  const support = new Map<number, { count: number; depth: number }>();
  for (const start of alerting)
    for (const [index, depth] of closureOf(graph, start, { depth: Number.POSITIVE_INFINITY, limit: maxClosure })) {
      const known = support.get(index);
      if (known === undefined) support.set(index, { count: 1, depth });
      else {
        known.count++;
        known.depth += depth;
      }
    }
  return [...support]
    .sort(([a, one], [b, other]) => other.count - one.count || one.depth - other.depth || a - b)
    .map(([index]) => index);
}

function judge(
  graph: DependencyGraph,
  failure: Failure,
  alerting: ReadonlyMap<number, Alerting['state']>,
  index: number,
): Candidate | undefined {
  const item = graph.items[index];
  if (item === undefined) return undefined;
  failure.fail([index]);
  const hit = [...failure.down(), ...failure.degraded()];
  const classes = new Set([...alerting.keys()].map((one) => graph.items[one]?.class));
  const expected = hit.filter((one) => classes.has(graph.items[one]?.class));
  const explained = expected.filter((one) => alerting.has(one));
  const weight = explained.reduce((sum, one) => sum + (fits(failure, one, alerting.get(one)) ? 1 : 0.5), 0);
  const [recall, precision] = [weight / alerting.size, explained.length === 0 ? 0 : weight / expected.length];
  const distance = explained.reduce((sum, one) => sum + failure.distanceOf(one), 0) / explained.length;
  const isExplained = new Set(explained);
  const silent = expected.filter((one) => !alerting.has(one));
  failure.clear();
  if (explained.length === 0) return undefined;
  return {
    item,
    score: (2 * recall * precision) / (recall + precision),
    recall,
    precision,
    explained: itemsAt(graph, explained),
    leftOut: itemsAt(
      graph,
      [...alerting.keys()].filter((one) => !isExplained.has(one)),
    ),
    silent: itemsAt(graph, silent.slice(0, maxSilent)),
    silentCount: silent.length,
    affected: hit.length,
    distance,
  };
}

/** An alert that does not say how bad it is fits what is down: most tell that something is gone. */
function fits(failure: Failure, index: number, state: Alerting['state']): boolean {
  return (state ?? 'down') === (failure.stateOf(index) === down ? 'down' : 'degraded');
}

/** Of those that explain equally well the one that would break least else, then the nearest: the lowest common cause. */
function likelierFirst(a: Candidate, b: Candidate): number {
  return b.score - a.score || a.affected - b.affected || a.distance - b.distance || a.item.id - b.item.id;
}

/** Takes the best candidate, then the one that explains most of the rest as exactly, and so on. */
function cover(candidates: readonly Candidate[], alerting: number): readonly Candidate[] {
  const chosen: Candidate[] = [];
  const open = new Set(candidates.flatMap(({ explained }) => explained));
  while (chosen.length < maxCauses && open.size > 0) {
    const best = bestFor(candidates, open, alerting);
    if (best === undefined) break;
    chosen.push(best);
    for (const item of best.explained) open.delete(item);
  }
  return chosen;
}

function bestFor(candidates: readonly Candidate[], open: ReadonlySet<Item>, alerting: number): Candidate | undefined {
  let [best, bestScore]: [Candidate | undefined, number] = [undefined, 0];
  for (const candidate of candidates) {
    const gain = candidate.explained.filter((item) => open.has(item)).length;
    if (gain < Math.min(leastGain, alerting)) continue;
    // Half of two recalls that differ as the weights of the candidate do.
    const recall = (gain / open.size) * (candidate.recall / (candidate.explained.length / alerting));
    const score = (2 * recall * candidate.precision) / (recall + candidate.precision);
    if (score > bestScore) [best, bestScore] = [candidate, score];
  }
  return best;
}
