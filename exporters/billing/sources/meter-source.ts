import type { Accrual, RawSeries } from '../metering/accrual.ts';
import { mergeUsages } from '../metering/canonical.ts';
import { accrualOfCounter, marginOf } from '../metering/counter.ts';
import { accrualOfGauge } from '../metering/gauge.ts';
import { meterSeries, type SeriesMeter } from '../metering/meter-series.ts';
import type { Meter, MeterSource } from '../meters/meter.ts';
import type { Span } from '../span.ts';
import type { Usage } from '../usage.ts';
import { withoutAbsences } from './absences.ts';
import { type Around, aroundOf, columnsAround } from './around.ts';
import { bridgedGaps, startsOf } from './bridged.ts';
import { oneOfValues } from './config/fields.ts';
import type { GapSettings } from './config/gaps.ts';
import { type Facts, readFacts } from './facts.ts';
import { type PodEnd, readPodEnds } from './gpu/pod-times.ts';
import { grouped } from './grouped.ts';
import { cutAccrual, splitByFacts } from './pieces.ts';
import { keyOfTarget, outerOf, type Scrapes } from './scrapes.ts';
import type { Store } from './store.ts';
import { clipped, mergedSamples, presence, union } from './timeline.ts';

export interface SeriesRequest {
  readonly meter: Meter;
  readonly source: MeterSource;
  readonly spans: readonly Span[];
  readonly scrapes: Scrapes;
  readonly gaps: GapSettings;
  readonly systemNamespaces: readonly string[];
}

export interface SeriesReading {
  /** For each span. */
  readonly usages: readonly (readonly Usage[])[];
  /** What was left out, and why. */
  readonly problems: readonly string[];
  readonly bridged: ReadonlySet<string>;
}

type Labels = Readonly<Record<string, string>>;

const seriesPerRequest = 5000;

/** Usages of a counter or gauge from any selector. */
export async function meterFromSeries(store: Store, request: SeriesRequest): Promise<SeriesReading> {
  const { source, spans, scrapes, gaps, meter, systemNamespaces } = request;
  const { selector = '' } = source;
  const span = outerOf(scrapes);
  const around = aroundOf(scrapes);
  const holdMs = Math.round(2.5 * scrapes.intervalMs);
  const joins = [...(source.joins ?? []), ...store.source.joins];
  const facts: Facts[] = [];
  for (const join of joins) facts.push(await readFacts(store, join, span, holdMs, around));
  const podEnd = gaps.policy === 'kubernetes' && meter.kind === 'gauge' ? await readPodEnds(store, span) : undefined;
  const bridged = new Set<string>();
  const found = { negative: 0, tooLarge: 0 };
  const context: Context = { ...request, facts, around, span, holdMs, podEnd, bridged, found };
  const parts: (readonly (readonly Usage[])[])[] = [];
  for (const more of await batchesOf(store, selector, span)) {
    store.signal?.throwIfAborted();
    const input: SeriesMeter = {
      meter: meter.name,
      cluster: store.cluster,
      source: { ...source, holder: holderLabels(source, store) },
      systemNamespaces,
      series: await seriesOf(store, more, context),
    };
    parts.push(meterSeries(input, spans));
  }
  const usages = spans.map((_, index) => mergeUsages(parts.flatMap((part) => part[index] ?? [])));
  return { usages, bridged, problems: problemsOf(found, store, request) };
}

/** Values that were left out. */
interface Found {
  negative: number;
  tooLarge: number;
}

function problemsOf({ negative, tooLarge }: Found, { shown, cluster }: Store, { meter, source }: SeriesRequest) {
  const what = `values of ${source.selector} in ${cluster}`;
  const problems: string[] = [];
  if (negative > 0) problems.push(`${shown}: ${negative} ${what} are negative and left out of ${meter.name}`);
  if (tooLarge > 0)
    problems.push(
      `${shown}: ${tooLarge} ${what} are more than 2^53 ${meter.unit.base} and left out of ${meter.name}; ` +
        'if they are true, give the meter a larger base unit and a smaller scale',
    );
  return problems;
}

interface Context extends SeriesRequest {
  readonly facts: readonly Facts[];
  readonly around: Around;
  readonly span: Span;
  readonly holdMs: number;
  readonly podEnd: PodEnd | undefined;
  readonly bridged: Set<string>;
  readonly found: Found;
}

/** What joins add to a holder stands under its own name. */
function holderLabels({ holder }: MeterSource, { source }: Store): Labels {
  const joined = source.joins.flatMap(({ take }) => Object.keys(take)).map((name) => [name, name] as const);
  return { ...Object.fromEntries(joined), ...holder };
}

/** Matchers that divide the series by namespace, so that one request has a few thousand of them. */
async function batchesOf(store: Store, selector: string, span: Span): Promise<readonly (readonly string[])[]> {
  const counts = await store.instant(
    (select) => `count by (namespace) (last_over_time(${select(selector)}[${span.endMs - span.startMs}ms]))`,
    span.endMs - 1,
  );
  const batches: { names: string[]; size: number }[] = [];
  for (const { labels, value } of counts.toSorted((a, b) => nameOf(a.labels).localeCompare(nameOf(b.labels), 'en'))) {
    const last = batches.at(-1);
    if (last !== undefined && last.size + value <= seriesPerRequest) {
      last.names.push(nameOf(labels));
      last.size += value;
    } else batches.push({ names: [nameOf(labels)], size: value });
  }
  if (batches.length <= 1) return [[]];
  return batches.map(({ names }) => [oneOfValues('namespace', names)]);
}

const nameOf = (labels: Labels): string => labels['namespace'] ?? '';

async function seriesOf(store: Store, more: readonly string[], context: Context): Promise<SeriesMeter['series']> {
  const { source, meter, around, scrapes, bridged } = context;
  const raw = await columnsAround(store, source.selector ?? '', around, more);
  const byTarget = grouped(raw, ({ labels }) => keyOfTarget(labels));
  const starts = source.startsAtZero === true ? await readStarts(store, byTarget.keys(), context) : noStarts;
  if (meter.kind === 'counter') {
    for (const [key, counters] of byTarget)
      for (const gap of bridgedGaps(key, scrapes, { starts: starts.get(key) ?? [], counters })) bridged.add(gap);
  }
  const during = await readDuring(store, more, context);
  return sameThings(raw, source.distinct).flatMap((same) => {
    const labels = toldLabels(same[0].labels, store, source);
    const accrual =
      meter.kind === 'counter' ? counted(same, starts, context) : integrated(same, labels, during, context);
    return partsByFacts(labels, accrual, context.facts);
  });
}

type Starts = ReadonlyMap<string, readonly RawSeries[]>;

const noStarts: Starts = new Map();

/** process_start_time_seconds by target. */
async function readStarts(store: Store, keys: Iterable<string>, { around, scrapes }: Context): Promise<Starts> {
  const series = await columnsAround(store, 'process_start_time_seconds', around, targetMatchers(keys, scrapes));
  return grouped(series, ({ labels }) => keyOfTarget(labels));
}

function partsByFacts(labels: Labels, accrual: Accrual, facts: readonly Facts[]): SeriesMeter['series'] {
  const parts = splitByFacts(labels, facts);
  const [only] = parts;
  if (parts.length === 1 && only !== undefined && accrual.amounts.length > 0) return [{ labels: only.labels, accrual }];
  return parts
    .map((part) => ({ labels: part.labels, accrual: cutAccrual(accrual, part.startMs, part.endMs) }))
    .filter((part) => part.accrual.amounts.length > 0);
}

function targetMatchers(keys: Iterable<string>, { targets }: Scrapes): readonly string[] {
  const known = [...keys].flatMap((key) => targets.get(key) ?? []);
  const jobs = [...new Set(known.map(({ job }) => job))].sort();
  return jobs.length === 0 ? [] : [oneOfValues('job', jobs)];
}

/** Series that tell the same thing, with the best one first. */
function sameThings(series: readonly RawSeries[], distinct: readonly string[] | undefined): readonly Same[] {
  if (distinct === undefined) return series.map((each): Same => [each]);
  const groups = grouped(series, ({ labels }) => JSON.stringify(distinct.map((name) => labels[name] ?? '')));
  return [...groups.values()].flatMap((group) => {
    const [best, ...others] = group.toSorted((a, b) => b.timesMs.length - a.timesMs.length);
    return best === undefined ? [] : [[best, ...others] as const];
  });
}

type Same = readonly [RawSeries, ...RawSeries[]];

/** Two that count the same thing may differ a little, so one is taken. */
function counted([best]: Same, starts: Starts, { source, span, scrapes, found }: Context): Accrual {
  const key = keyOfTarget(best.labels);
  const target = scrapes.targets.get(key);
  const scrapedAt = target?.okMs ?? new Float64Array(0);
  const fromZero = source.startsAtZero === true ? { scrapedAt, startedAt: startsOf(starts.get(key) ?? []) } : {};
  // No longer than samples reach beyond a window, so that windows that are metered apart agree.
  const mostMs = marginOf(target?.intervalMs ?? scrapes.intervalMs);
  const parts = withoutAbsences(best, scrapedAt, mostMs).map((stretch) => {
    const { accrual, problems } = accrualOfCounter(stretch, { scale: source.scale, fromMs: span.startMs, ...fromZero });
    note(found, problems);
    return accrual;
  });
  return joinAccruals(parts);
}

/** NaN and infinities were left out when they came, so what is not usable is negative. */
function note(found: Found, { unusable, tooLarge }: { readonly unusable: number; readonly tooLarge: number }): void {
  found.negative += unusable;
  found.tooLarge += tooLarge;
}

function integrated(
  same: readonly RawSeries[],
  labels: Labels,
  during: ((labels: Labels) => readonly Span[]) | undefined,
  { source, scrapes, gaps, holdMs, podEnd, found }: Context,
): Accrual {
  const series = mergedSamples(same);
  const okMs = okTimesOf(same, scrapes);
  const longest =
    gaps.policy === 'last_known'
      ? Math.max(holdMs, gaps.lastKnownForMs)
      : podEnd === undefined
        ? holdMs
        : Math.max(holdMs, gaps.bridgeMs);
  const { accrual, problems } = accrualOfGauge(series, { scale: source.scale, holdMs: longest });
  note(found, problems);
  let there = presence(series, okMs, longest);
  if (podEnd !== undefined) there = there.flatMap((span) => untilPodEnds(span, series, labels, { podEnd, holdMs }));
  const counted = during === undefined ? there : there.flatMap((span) => clipped(during(labels), span));
  return joinAccruals(counted.map(({ startMs, endMs }) => cutAccrual(accrual, startMs, endMs)));
}

/** Of a pod that nobody saw any more, until it ended as Kubernetes says. */
function untilPodEnds(
  span: Span,
  { timesMs }: RawSeries,
  labels: Labels,
  { podEnd, holdMs }: { readonly podEnd: PodEnd; readonly holdMs: number },
): readonly Span[] {
  const last = timesMs.findLast((ms) => ms < span.endMs) ?? span.startMs;
  if (span.endMs - last <= holdMs) return [span];
  const end = podEnd(labels['namespace'] ?? '', labels['pod'] ?? '', last);
  const endMs =
    labels['pod'] === undefined ? last + holdMs : Math.min(span.endMs, Math.max(last, Math.round(end ?? span.endMs)));
  return endMs > span.startMs ? [{ startMs: span.startMs, endMs }] : [];
}

function joinAccruals(parts: readonly Accrual[]): Accrual {
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return only;
  return {
    fromMs: Float64Array.from(parts.flatMap(({ fromMs }) => [...fromMs])),
    toMs: Float64Array.from(parts.flatMap(({ toMs }) => [...toMs])),
    amounts: Float64Array.from(parts.flatMap(({ amounts }) => [...amounts])),
  };
}

/** When the series of `during` is above 0, by its labels. */
async function readDuring(
  store: Store,
  more: readonly string[],
  { source, around, scrapes, gaps, holdMs }: Context,
): Promise<((labels: Labels) => readonly Span[]) | undefined> {
  const { during } = source;
  if (during === undefined) return undefined;
  const longest =
    gaps.policy === 'last_known'
      ? Math.max(holdMs, gaps.lastKnownForMs)
      : gaps.policy === 'kubernetes'
        ? Math.max(holdMs, gaps.bridgeMs)
        : holdMs;
  const keyOf = (labels: Labels): string => JSON.stringify(during.on.map((name) => labels[name] ?? ''));
  const series = await columnsAround(store, during.selector, around, more);
  const spans = new Map<string, readonly Span[]>();
  for (const [key, same] of grouped(series, ({ labels }) => keyOf(labels)))
    spans.set(key, union(presence(mergedSamples(same), okTimesOf(same, scrapes), longest, (value) => value > 0)));
  return (labels) => spans.get(keyOf(labels)) ?? [];
}

/** Scrapes of those who told the series: a scrape without it ends it. */
function okTimesOf(same: readonly RawSeries[], { targets }: Scrapes): Float64Array {
  const keys = [...new Set(same.map(({ labels }) => keyOfTarget(labels)))];
  const [only, ...others] = keys.map((key) => targets.get(key)?.okMs ?? new Float64Array(0));
  if (only === undefined || others.length === 0) return only ?? new Float64Array(0);
  return Float64Array.from(new Set([only, ...others].flatMap((times) => [...times]))).sort();
}

/** Labels of the series, and those of the holder under their own names, so that joins find both. */
function toldLabels(labels: Labels, { source: { nodeLabel } }: Store, { holder }: MeterSource): Labels {
  const named = Object.entries(holder).flatMap(([name, label]) => {
    const value = labels[label];
    return value === undefined || labels[name] !== undefined ? [] : [[name, value] as const];
  });
  const node = labels[nodeLabel] ?? labels['node'] ?? '';
  return { ...labels, ...Object.fromEntries(named), node };
}
