import { SourceError } from '../../../kit/errors.ts';
import type { Meter, MeterSource } from '../meters/meter.ts';
import type { Span } from '../span.ts';
import type { Coverage, MeteredWindow } from '../usage.ts';
import { keyOfGap } from './bridged.ts';
import type { GapSettings } from './config/gaps.ts';
import type { BillingSource } from './config/source.ts';
import { coverageOf } from './coverage.ts';
import { gpuSources } from './gpu/gpu-sources.ts';
import { meterFromSeries } from './meter-source.ts';
import { clustersOf, openReplicas } from './replicas.ts';
import { readScrapes, type Scrapes, wasScraped } from './scrapes.ts';
import type { Store, StoreDeps } from './store.ts';

export interface ReadRequest {
  readonly source: BillingSource;
  readonly meter: Meter;
  /** Ascending, without overlaps. Several at once cost less than one after the other. */
  readonly spans: readonly Span[];
  readonly gaps: GapSettings;
  readonly systemNamespaces: readonly string[];
  /** Without it all clusters of the source. */
  readonly cluster?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** What did not stop the metering, such as a replica that does not answer. */
  readonly onProblem?: ((problem: string) => void) | undefined;
}

/**
 * Meters windows from raw samples: one for each cluster and span. A window that is held has `coverage.isHeld`. Throws SourceError where nothing can be
 * said: the store does not answer, answers in part, has another time, or has nothing at all. Then no window was metered; nothing is not zero.
 */
export async function readWindows(request: ReadRequest, deps: StoreDeps): Promise<readonly MeteredWindow[]> {
  const { source, spans, signal } = request;
  const hull = hullOf(spans);
  if (hull === undefined) return [];
  const clusters =
    request.cluster === undefined ? await clustersOf({ source, span: hull, signal }, deps) : [request.cluster];
  const windows: MeteredWindow[] = [];
  for (const cluster of clusters) windows.push(...(await readCluster(cluster, hull, request, deps)));
  return windows;
}

async function readCluster(
  cluster: string,
  hull: Span,
  request: ReadRequest,
  deps: StoreDeps,
): Promise<readonly MeteredWindow[]> {
  const { source, meter, signal, onProblem } = request;
  const { stores, problems } = await openReplicas({ source, cluster, span: hull, signal }, deps);
  for (const problem of problems) onProblem?.(problem);
  for (const meterSource of meter.sources) {
    const replicas: Replica[] = [];
    for (const store of stores) {
      const scrapes = await readScrapes(store, {
        selector: selectorOf(meterSource, source),
        hull,
        gaps: request.gaps,
        nowMs: deps.nowMs(),
      });
      if (scrapes !== undefined) replicas.push({ store, scrapes });
    }
    if (replicas.length > 0) return meterReplicas(replicas, meterSource, hull, request, deps);
  }
  return withoutSeries(stores, request, deps);
}

interface Replica {
  readonly store: Store;
  readonly scrapes: Scrapes;
}

function selectorOf({ type, selector }: MeterSource, source: BillingSource): string {
  const known = selector ?? gpuSources[type]?.selector(source);
  if (known === undefined) throw new RangeError(`the meter source ${type} is not known`);
  return known;
}

/** Each window by the replica that saw more of it. */
async function meterReplicas(
  replicas: readonly Replica[],
  meterSource: MeterSource,
  hull: Span,
  request: ReadRequest,
  { nowMs }: StoreDeps,
): Promise<readonly MeteredWindow[]> {
  const { spans, gaps, meter } = request;
  const now = nowMs();
  const chosen = spans.map((span) => {
    const seen = replicas.map(({ scrapes }) =>
      shareSeen(coverageOf(span, { scrapes, gaps, nowMs: now, isBridged: () => false })),
    );
    return seen.indexOf(Math.max(...seen));
  });
  const windows: (MeteredWindow | undefined)[] = spans.map(() => undefined);
  for (const [index, { store, scrapes }] of replicas.entries()) {
    const own = spans.filter((_, at) => chosen[at] === index);
    if (own.length === 0) continue;
    const read = await meterOne(store, { meterSource, request, scrapes, spans: own, hull });
    const evidence = {
      source: `${meterSource.type} ${store.shown}`,
      queries: [...store.evidence.queries].sort(),
      samples: store.evidence.samples,
    };
    for (const [at, span] of own.entries()) {
      const isBridged = (target: string, gap: Span): boolean => read.bridged.has(keyOfGap(target, gap));
      windows[spans.indexOf(span)] = {
        meter: meter.name,
        cluster: store.cluster,
        span,
        usages: read.usages[at] ?? [],
        coverage: coverageOf(span, { scrapes, gaps, nowMs: now, isBridged }),
        conservation: read.conservation[at],
        evidence,
      };
    }
  }
  return windows.filter((window) => window !== undefined);
}

interface Read {
  readonly usages: readonly MeteredWindow['usages'][];
  readonly conservation: readonly MeteredWindow['conservation'][];
  readonly bridged: ReadonlySet<string>;
}

interface One {
  readonly meterSource: MeterSource;
  readonly request: ReadRequest;
  readonly scrapes: Scrapes;
  readonly spans: readonly Span[];
  readonly hull: Span;
}

async function meterOne(store: Store, { meterSource, request, scrapes, spans, hull }: One): Promise<Read> {
  const { meter, gaps, systemNamespaces, onProblem } = request;
  if (meter.kind !== 'gpu') {
    const { usages, problems, bridged } = await meterFromSeries(store, {
      meter,
      source: meterSource,
      spans,
      scrapes,
      gaps,
      systemNamespaces,
    });
    for (const problem of problems) onProblem?.(problem);
    return { usages, conservation: [], bridged };
  }
  const read = gpuSources[meterSource.type]?.read;
  if (read === undefined) throw new RangeError(`the source of GPU time ${meterSource.type} is not known`);
  const { windows, problems, bridged } = await read(store, { spans, hull, scrapes, gaps, systemNamespaces });
  for (const problem of problems) onProblem?.(problem);
  return {
    usages: windows.map(({ usages }) => usages),
    conservation: windows.map(({ conservation }) => conservation),
    bridged,
  };
}

function shareSeen({ seenScrapes, expectedScrapes }: Coverage): number {
  return expectedScrapes === 0 ? 0 : seenScrapes / expectedScrapes;
}

/** Nobody has such series. That is no usage where other things were scraped, and unknown where nothing was. */
async function withoutSeries(
  stores: readonly Store[],
  { meter, spans }: ReadRequest,
  { nowMs }: StoreDeps,
): Promise<readonly MeteredWindow[]> {
  const [store] = stores;
  if (store === undefined) throw new RangeError('there must be a store');
  const windows: MeteredWindow[] = [];
  for (const span of spans) {
    const isAlive = (await Promise.all(stores.map((each) => wasScraped(each, span)))).some(Boolean);
    const after = { startMs: span.endMs, endMs: Math.min(nowMs(), span.endMs + 3_600_000) };
    const isOver = isAlive && after.endMs > after.startMs && (await wasScraped(store, after));
    if (!isAlive)
      throw new SourceError(
        `${store.shown}: no target of the cluster ${store.cluster} was scraped between ${iso(span.startMs)} and ${iso(span.endMs)}, ` +
          `so the window is not metered; check the address, cluster_label and match of the source, or wait until the data are back`,
      );
    windows.push({
      meter: meter.name,
      cluster: store.cluster,
      span,
      usages: [],
      coverage: { expectedScrapes: 0, seenScrapes: 0, gaps: [], gapMs: 0, isHeld: !isOver },
      conservation: undefined,
      evidence: {
        source: `none ${store.shown}`,
        queries: [...store.evidence.queries].sort(),
        samples: store.evidence.samples,
      },
    });
  }
  return windows;
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}

function hullOf(spans: readonly Span[]): Span | undefined {
  const [first] = spans;
  const last = spans.at(-1);
  if (first === undefined || last === undefined) return undefined;
  for (const [index, span] of spans.entries()) {
    const before = spans[index - 1];
    if (span.endMs <= span.startMs || (before !== undefined && span.startMs < before.endMs))
      throw new RangeError('windows must ascend and not overlap');
  }
  return { startMs: first.startMs, endMs: last.endMs };
}
