import { reasonOf, SourceError } from '../../../kit/errors.ts';
import type { Pair, ReadWindows } from '../collection/window-reader.ts';
import type { Meter } from '../meters/meter.ts';
import type { Span } from '../span.ts';
import { equals, narrowed } from './config/fields.ts';
import type { Gaps } from './config/gaps.ts';
import { recordedSelector } from './config/recorded.ts';
import type { BillingSource } from './config/source.ts';
import { readWindows } from './read-windows.ts';
import { clustersOf } from './replicas.ts';
import { apisOf, refuseIncomplete, type StoreDeps } from './store.ts';
import { tellSeldom } from './tell-seldom.ts';

/** All sources of the configuration, as the collection asks them. */
export interface SourcesReader {
  readonly read: ReadWindows;
  /** Meters of clusters that have targets; a source that does not answer keeps the clusters that it had. */
  readonly pairs: (signal: AbortSignal) => Promise<readonly Pair[]>;
  /** When the source first scraped the cluster, within the last month or so; undefined where it was not. */
  readonly earliest: (pair: Pair, signal: AbortSignal) => Promise<number | undefined>;
  readonly health: () => readonly SourceHealth[];
  readonly apiOf: (source: string) => ReturnType<typeof apisOf>[number];
}

export interface SourceHealth {
  readonly name: string;
  readonly type: string;
  /** Undefined for one that was not asked yet. */
  readonly isUp: boolean | undefined;
  /** Unix seconds. */
  readonly lastSuccess: number | undefined;
  readonly lastError: number | undefined;
  readonly error: string | undefined;
}

export interface SourcesConfig {
  readonly sources: readonly BillingSource[];
  readonly meters: readonly Meter[];
  readonly gaps: Gaps;
  readonly systemNamespaces: readonly string[];
  /** What did not stop the metering, each text once an hour at most. */
  readonly onProblem?: ((problem: string) => void) | undefined;
}

/** Names of clusters are looked for in targets of the last day. */
const lookBackMs = 86_400_000;
const earliestStepSeconds = 3600;
const earliestBackMs = 32 * 86_400_000;

export function createSourcesReader(
  { sources, meters, gaps, systemNamespaces, onProblem }: SourcesConfig,
  deps: StoreDeps,
): SourcesReader {
  const health = new Map<string, SourceHealth>(
    sources.map(({ name }) => [
      name,
      { name, type: 'prometheus', isUp: undefined, lastSuccess: undefined, lastError: undefined, error: undefined },
    ]),
  );
  const clusters = new Map<string, readonly string[]>();
  const told = tellSeldom((problem) => onProblem?.(problem), deps.nowMs);

  async function asked<T>({ name }: BillingSource, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    const before = health.get(name);
    try {
      const answer = await work();
      if (before !== undefined)
        health.set(name, { ...before, isUp: true, lastSuccess: deps.nowMs() / 1000, error: undefined });
      return answer;
    } catch (error) {
      if (before !== undefined && !signal.aborted)
        health.set(name, { ...before, isUp: false, lastError: deps.nowMs() / 1000, error: reasonOf(error) });
      throw error;
    }
  }

  function sourceOf(cluster: string): BillingSource {
    const found = sources.find(({ name }) => clusters.get(name)?.includes(cluster));
    if (found === undefined) throw new SourceError(`no source has the cluster ${cluster}`);
    return found;
  }

  async function pairs(signal: AbortSignal): Promise<readonly Pair[]> {
    const nowMs = deps.nowMs();
    const span: Span = { startMs: nowMs - lookBackMs, endMs: nowMs };
    const reasons: string[] = [];
    for (const source of sources) {
      try {
        clusters.set(source.name, await asked(source, signal, () => clustersOf({ source, span, signal }, deps)));
      } catch (error) {
        signal.throwIfAborted();
        reasons.push(reasonOf(error));
      }
    }
    const names = [...new Set([...clusters.values()].flat())].sort();
    if (names.length === 0 && reasons.length > 0) throw new SourceError(reasons.join('; '));
    return names.flatMap((cluster) => meters.map(({ name: meter }) => ({ cluster, meter })));
  }

  async function earliest({ cluster }: Pair, signal: AbortSignal): Promise<number | undefined> {
    const source = sourceOf(cluster);
    const own = source.clusters.kind === 'labelled' ? [equals(source.clusters.label, cluster)] : [];
    const up = source.recorded ? recordedSelector('up') : 'up';
    const expr = `count(${narrowed(up, [source.match, ...own])})`;
    const endSeconds = Math.floor(deps.nowMs() / 1000);
    const startSeconds = endSeconds - earliestBackMs / 1000;
    const firsts: number[] = [];
    for (const api of apisOf(source, deps)) {
      const coarse = await api.queryRange(expr, { startSeconds, endSeconds, stepSeconds: earliestStepSeconds, signal });
      refuseIncomplete(coarse, source.name, expr);
      const first = coarse.series[0]?.samples[0]?.timestampSeconds ?? endSeconds;
      const span = { startSeconds: first - earliestStepSeconds, endSeconds: first, stepSeconds: 15, signal };
      const fine = await api.queryRange(expr, span);
      refuseIncomplete(fine, source.name, expr);
      const found = fine.series[0]?.samples[0]?.timestampSeconds;
      if (found !== undefined) firsts.push(found * 1000);
    }
    return firsts.length === 0 ? undefined : Math.min(...firsts);
  }

  return {
    read: async ({ cluster, meter: name, windows, signal }) => {
      const meter = meters.find((each) => each.name === name);
      if (meter === undefined) throw new SourceError(`there is no meter ${name}`);
      const source = sourceOf(cluster);
      const found = { source, meter, spans: windows, gaps: gaps.of(name), systemNamespaces, cluster, signal };
      return asked(source, signal, () => readWindows({ ...found, onProblem: told }, deps));
    },
    pairs,
    earliest: async (pair, signal) => asked(sourceOf(pair.cluster), signal, () => earliest(pair, signal)),
    health: () => [...health.values()],
    apiOf: (name) => {
      const source = sources.find((each) => each.name === name);
      const [api] = source === undefined ? [] : apisOf(source, deps);
      if (api === undefined) throw new SourceError(`there is no source ${name}`);
      return api;
    },
  };
}
