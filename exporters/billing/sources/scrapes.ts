import { SourceError } from '../../../kit/errors.ts';
import { firstAtOrAfter } from '../../../kit/prometheus-api/columns.ts';
import type { RawSeries } from '../metering/accrual.ts';
import { marginOf } from '../metering/counter.ts';
import type { Span } from '../span.ts';
import { equals, oneOfValues } from './config/fields.ts';
import type { GapSettings } from './config/gaps.ts';
import type { Store } from './store.ts';
import { difference, mergedSamples, union } from './timeline.ts';

/** How a target was scraped. Attempts have a value of up, also where the scrape failed. */
export interface TargetScrapes {
  readonly job: string;
  readonly instance: string;
  readonly attempts: RawSeries;
  /** Times of successful scrapes. */
  readonly okMs: Float64Array;
  readonly intervalMs: number;
  /** In which samples are wanted: the windows, and so much around them that gaps at their edges can be bridged. */
  readonly range: Span;
}

export interface Scrapes {
  /** By `keyOfTarget`. */
  readonly targets: ReadonlyMap<string, TargetScrapes>;
  /** The longest interval of a target. */
  readonly intervalMs: number;
  /** In which all is read: the windows with a margin. */
  readonly range: Span;
  /** When nothing at all was scraped in the cluster: Prometheus itself was not there. */
  readonly dark: readonly Span[];
  /** The last attempt of any target. */
  readonly newestMs: number;
}

export interface ScrapesRequest {
  /** Of a series that each target in question has. */
  readonly selector: string;
  /** From the start of the first window to the end of the last. */
  readonly hull: Span;
  readonly gaps: GapSettings;
  readonly nowMs: number;
}

const maxRegexInstances = 300;
const downsampledMs = 290_000;
const lookbackMs = 600_000;
const maxDarkChecks = 20;
/** As long as one scrape may be late before it counts as missing, in intervals. */
export const lateness = 1.5;

export function keyOfTarget(labels: { readonly job?: string; readonly instance?: string }): string {
  return `${labels.job ?? ''}\n${labels.instance ?? ''}`;
}

/** Undefined if no target has such a series, nor had one a while ago. Throws SourceError where what is there cannot be billed. */
export async function readScrapes(store: Store, request: ScrapesRequest): Promise<Scrapes | undefined> {
  const { hull, gaps, nowMs } = request;
  const interval = store.source.scrapeIntervalMs ?? (await usualInterval(store, request));
  const marginMs = Math.ceil(marginOf(interval));
  const reachMs = marginMs + Math.ceil(lateness * interval);
  const range = { startMs: hull.startMs - reachMs, endMs: hull.endMs + reachMs };
  const names = await targetsOf(store, request.selector, range, gaps);
  if (names.length === 0) return undefined;
  const near = await readUp(store, names, range);
  const far = await readFar(store, names, near, { range, hull, bridgeMs: gaps.bridgeMs, nowMs });
  const targets = new Map(
    names.map((name) => {
      const key = keyOfTarget(name);
      const attempts = joined([far.before.get(key), near.get(key)?.attempts, far.after.get(key)]);
      return [key, scrapesOf(name, attempts, { range, hull, marginMs, usualMs: interval })] as const;
    }),
  );
  for (const target of targets.values()) refuseUnusable(target, store, nowMs);
  const dark = await darkSpans(store, [...targets.values()], hullOfRanges([...targets.values()], range));
  const newestMs = Math.max(...[...targets.values()].map(({ attempts }) => attempts.timesMs.at(-1) ?? 0));
  const intervalMs = Math.max(...[...targets.values()].map((target) => target.intervalMs));
  return { targets, intervalMs, range, dark, newestMs };
}

type Name = Readonly<Record<'job' | 'instance', string>>;

/** Median distance between scrapes of one target; a minute where nothing tells. */
async function usualInterval(store: Store, { selector, hull }: ScrapesRequest): Promise<number> {
  const atMs = Math.min(hull.endMs, hull.startMs + 3_600_000);
  const [found] = await store.instant(
    (select) => `topk(1, group by (job, instance) (last_over_time(${select(selector)}[${lookbackMs}ms])))`,
    atMs,
  );
  if (found === undefined) return 60_000;
  const { job = '', instance = '' } = found.labels;
  const matchers = [equals('job', job), equals('instance', instance)];
  const [up] = await store.columns('up', { startMs: atMs - lookbackMs, endMs: atMs + 1 }, matchers);
  return up === undefined ? 60_000 : (medianDistance(up.timesMs) ?? 60_000);
}

/** Those that have such a series in the range, or had one at one of a few moments before it. */
async function targetsOf(store: Store, selector: string, range: Span, gaps: GapSettings): Promise<readonly Name[]> {
  const found = new Map<string, Name>();
  const look = async (atMs: number, lengthMs: number): Promise<void> => {
    const samples = await store.instant(
      (select) => `group by (job, instance) (last_over_time(${select(selector)}[${lengthMs}ms]))`,
      atMs,
    );
    for (const { labels } of samples) {
      const name = { job: labels['job'] ?? '', instance: labels['instance'] ?? '' };
      found.set(keyOfTarget(name), name);
    }
  };
  await look(range.endMs - 1, range.endMs - range.startMs);
  for (const share of [1 / 24, 1 / 4, 1]) await look(range.startMs - share * gaps.bridgeMs + lookbackMs, lookbackMs);
  return [...found.values()].sort((a, b) => (keyOfTarget(a) < keyOfTarget(b) ? -1 : 1));
}

interface Up {
  readonly attempts: RawSeries;
}

async function readUp(store: Store, names: readonly Name[], span: Span): Promise<ReadonlyMap<string, Up>> {
  const found = new Map<string, RawSeries[]>();
  const jobs = [...new Set(names.map(({ job }) => job))];
  for (const job of jobs) {
    const instances = names.filter((name) => name.job === job).map(({ instance }) => instance);
    for (let at = 0; at < instances.length; at += maxRegexInstances) {
      const some = instances.slice(at, at + maxRegexInstances);
      const series = await store.columns('up', span, [equals('job', job), oneOfValues('instance', some)]);
      for (const each of series) {
        const key = keyOfTarget(each.labels);
        found.set(key, [...(found.get(key) ?? []), each]);
      }
    }
  }
  return new Map([...found].map(([key, all]) => [key, { attempts: mergedSamples(all) }]));
}

interface Far {
  readonly before: ReadonlyMap<string, RawSeries>;
  readonly after: ReadonlyMap<string, RawSeries>;
}

interface Edges {
  readonly range: Span;
  readonly hull: Span;
  readonly bridgeMs: number;
  readonly nowMs: number;
}

/** For targets that were not scraped with success right before or after the windows: when they were, further away. */
async function readFar(
  store: Store,
  names: readonly Name[],
  near: ReadonlyMap<string, Up>,
  { range, hull, bridgeMs, nowMs }: Edges,
): Promise<Far> {
  const lacks = (key: string, isAt: (ms: number) => boolean): boolean => !okTimes(near.get(key)?.attempts).some(isAt);
  const early = names.filter((name) => lacks(keyOfTarget(name), (ms) => ms <= hull.startMs));
  const late = names.filter((name) => lacks(keyOfTarget(name), (ms) => ms >= hull.endMs));
  const untilMs = Math.min(nowMs, range.endMs + bridgeMs);
  const before =
    early.length === 0
      ? new Map()
      : await readUp(store, early, { startMs: range.startMs - bridgeMs, endMs: range.startMs });
  const after =
    late.length === 0 || untilMs <= range.endMs
      ? new Map()
      : await readUp(store, late, { startMs: range.endMs, endMs: untilMs });
  const attemptsOf = (found: ReadonlyMap<string, Up>) =>
    new Map([...found].map(([key, { attempts }]) => [key, attempts]));
  return { before: attemptsOf(before), after: attemptsOf(after) };
}

const nothing: RawSeries = { labels: {}, timesMs: new Float64Array(0), values: new Float64Array(0) };

function joined(parts: readonly (RawSeries | undefined)[]): RawSeries {
  const all = parts.filter((part) => part !== undefined);
  const [first] = all;
  return first === undefined ? nothing : mergedSamples(all);
}

function okTimes(attempts: RawSeries | undefined): Float64Array {
  return attempts === undefined
    ? new Float64Array(0)
    : attempts.timesMs.filter((_, index) => attempts.values[index] === 1);
}

function scrapesOf(
  { job, instance }: Name,
  attempts: RawSeries,
  {
    range,
    hull,
    marginMs,
    usualMs,
  }: { readonly range: Span; readonly hull: Span; readonly marginMs: number; readonly usualMs: number },
): TargetScrapes {
  const okMs = okTimes(attempts);
  const before = okMs[firstAtOrAfter(okMs, hull.startMs + 1) - 1];
  const after = okMs[firstAtOrAfter(okMs, hull.endMs)];
  return {
    job,
    instance,
    attempts,
    okMs,
    intervalMs: medianDistance(attempts.timesMs) ?? usualMs,
    // The same for all that were scraped in time, so that they are asked for together.
    range: {
      startMs: Math.min(range.startMs, (before ?? hull.startMs) - marginMs),
      endMs: Math.max(range.endMs, (after ?? hull.endMs) + marginMs),
    },
  };
}

export function medianDistance(timesMs: Float64Array): number | undefined {
  if (timesMs.length < 3) return undefined;
  const distances = timesMs.subarray(1).map((time, index) => time - (timesMs[index] ?? 0));
  return distances.sort()[distances.length >> 1];
}

function refuseUnusable({ job, instance, attempts, intervalMs }: TargetScrapes, store: Store, nowMs: number): void {
  const { source, shown } = store;
  const newest = attempts.timesMs.at(-1) ?? 0;
  if (newest > nowMs + source.limits.maxClockSkewMs)
    throw new SourceError(
      `${shown}: the newest sample of the target ${instance} of ${job} is ${Math.round((newest - nowMs) / 1000)} s ahead of our clock; ` +
        `set the clocks of both machines by NTP`,
    );
  const configured = source.scrapeIntervalMs;
  if (configured === undefined ? intervalMs < downsampledMs : intervalMs < 2 * configured) return;
  throw new SourceError(
    `${shown}: samples of the target ${instance} of ${job} are ${Math.round(intervalMs / 1000)} s apart; downsampled data are not billed. ` +
      `Ask a store that keeps raw samples; if it is really scraped so seldom, say so by scrape_interval`,
  );
}

/** In which samples of any target are wanted. */
export function outerOf({ targets, range }: Pick<Scrapes, 'targets' | 'range'>): Span {
  return hullOfRanges([...targets.values()], range);
}

function hullOfRanges(targets: readonly TargetScrapes[], range: Span): Span {
  return {
    startMs: Math.min(range.startMs, ...targets.map((target) => target.range.startMs)),
    endMs: Math.max(range.endMs, ...targets.map((target) => target.range.endMs)),
  };
}

/** When none of the targets was scraped and no other one either. */
async function darkSpans(store: Store, targets: readonly TargetScrapes[], span: Span): Promise<readonly Span[]> {
  const alive = union(
    targets.flatMap(({ attempts, intervalMs }) =>
      union(Array.from(attempts.timesMs, (startMs) => ({ startMs, endMs: startMs + 2.5 * intervalMs }))),
    ),
  );
  const silent = difference([span], alive).toSorted((a, b) => b.endMs - b.startMs - (a.endMs - a.startMs));
  const dark: Span[] = [];
  for (const [index, each] of silent.entries()) {
    // At its edges other targets were scraped a moment later or earlier, so the middle decides.
    const quarter = (each.endMs - each.startMs) / 4;
    const isSilent =
      index >= maxDarkChecks ||
      !(await wasScraped(store, { startMs: each.startMs + quarter, endMs: each.endMs - quarter }));
    if (isSilent) dark.push(each);
  }
  return dark.toSorted((a, b) => a.startMs - b.startMs);
}

/** Whether anything at all was scraped in the cluster. */
export async function wasScraped(store: Store, { startMs, endMs }: Span): Promise<boolean> {
  const lengthMs = Math.max(1, Math.round(endMs - startMs));
  const found = await store.instant(
    (select) => `count(count_over_time(${select('up')}[${lengthMs}ms]))`,
    Math.round(endMs) - 1,
  );
  return (found[0]?.value ?? 0) > 0;
}
