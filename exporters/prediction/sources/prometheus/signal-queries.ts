import type { SeriesSource, SignalSpec } from '../../features/feature-spec.ts';
import { oneOfValues, selectorOf } from './matchers.ts';
import type { Reduction } from './reductions.ts';

/** How series are asked for: whose they are, and which of them. */
export interface Asking {
  /** Labels that tell the entities apart. */
  readonly by: readonly string[];
  readonly matchers: readonly string[];
  readonly stepMs: number;
}

/** A counter that was not seen for longer has lost what it counted meanwhile. */
export const longestGapMs = 6 * 3_600_000;

const functionOf: Readonly<Record<Reduction, string>> = {
  mean: 'avg_over_time',
  sd: 'stddev_over_time',
  max: 'max_over_time',
  last: 'last_over_time',
  count: 'count_over_time',
};

/**
 * A gauge, reduced over each step. Two series of one entity, such as a GPU that two jobs scrape, are told apart by nobody: the higher counts, unless the
 * signal says otherwise.
 */
export function gaugeQuery(
  reduction: Reduction,
  { combine }: SignalSpec,
  source: SeriesSource,
  asking: Asking,
): string {
  const inner = `${functionOf[reduction]}(${selected(source, asking)}[${rangeOf(asking.stepMs)}])`;
  const together = reduction === 'count' ? 'max' : combine === 'mean' ? 'avg' : (combine ?? 'max');
  return `${together} by (${asking.by.join(', ')}) (${inner})`;
}

/** The last value of a counter in each step, for one whose entity has a single series. Its growth is the difference, exactly, over any gap. */
export function counterQuery(source: SeriesSource, asking: Asking): string {
  return `max by (${asking.by.join(', ')}) (last_over_time(${selected(source, asking)}[${rangeOf(asking.stepMs)}]))`;
}

/**
 * The growth in each step, added up over the series of an entity: of links, codes, or GPUs of a node. Each is compared with its own last value before, at
 * most six hours ago. increase() would stretch what it sees to the edges of the step, and miss the first of a series that appears.
 */
export function growthQuery({ startsAtZero }: SignalSpec, source: SeriesSource, asking: Asking): string {
  const selector = selected(source, asking);
  const now = `last_over_time(${selector}[${rangeOf(asking.stepMs)}])`;
  const before = `last_over_time(${selector}[${rangeOf(longestGapMs)}] offset ${asking.stepMs}ms)`;
  const reset = startsAtZero === true ? now : `(${now} and ${before})`;
  return `sum by (${asking.by.join(', ')}) (((${now} - ${before}) >= 0) or ${reset})`;
}

/** The entities of which a counter was reset in the step, or since the last sample before it: their samples must be read as they were scraped. */
export function resetsQuery(source: SeriesSource, asking: Asking): string {
  const selector = selected(source, asking);
  return `max by (${asking.by.join(', ')}) (resets(${selector}[${rangeOf(asking.stepMs + 300_000)}])) > 0`;
}

export function selected({ metric, where = {} }: SeriesSource, { matchers }: Pick<Asking, 'matchers'>): string {
  return selectorOf(metric, [...Object.entries(where).map(([name, values]) => oneOfValues(name, values)), ...matchers]);
}

/** Prometheus before 3 takes a sample at the very begin of a range, too; a millisecond less makes both the same. */
export function rangeOf(ms: number): string {
  return `${ms - 1}ms`;
}
