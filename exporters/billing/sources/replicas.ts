import { reasonOf, SourceError } from '../../../kit/errors.ts';
import type { PrometheusApi } from '../../../kit/prometheus-api.ts';
import type { Span } from '../span.ts';
import { equals } from './config/fields.ts';
import type { BillingSource } from './config/source.ts';
import { apisOf, newEvidence, openStore, type Store, type StoreDeps } from './store.ts';

export interface OpenedReplicas {
  /** At least one; in the order of the file or of their names. */
  readonly stores: readonly Store[];
  /** Of replicas that do not answer or whose clock is wrong. */
  readonly problems: readonly string[];
}

interface Request {
  readonly source: BillingSource;
  readonly cluster: string;
  readonly span: Span;
  readonly signal: AbortSignal | undefined;
}

/** The replicas of a source that answer. Throws SourceError if none does. */
export async function openReplicas(
  { source, cluster, span, signal }: Request,
  deps: StoreDeps,
): Promise<OpenedReplicas> {
  const problems: string[] = [];
  const stores: Store[] = [];
  for (const [index, api] of apisOf(source, deps).entries()) {
    const shown = source.urls.length === 1 ? source.name : `${source.name} replica ${index + 1}`;
    const open = (replica: string | undefined, name: string): Store =>
      openStore({ source, api, cluster, shown: name, replica, signal, evidence: newEvidence() });
    try {
      await checkClock(api, shown, source, deps, signal);
      if (source.replicaLabel === undefined) stores.push(open(undefined, shown));
      else {
        const label = source.replicaLabel;
        const names = await valuesOf(open(undefined, shown), label, span);
        stores.push(...names.map((name) => open(equals(label, name), `${shown} ${label} ${name}`)));
      }
    } catch (error) {
      if (signal?.aborted) throw error;
      problems.push(reasonOf(error));
    }
  }
  if (stores.length > 0) return { stores, problems };
  throw new SourceError(
    problems.length > 0
      ? problems.join('; ')
      : `${source.name}: ${source.replicaLabel} is on no up series of ${cluster}`,
  );
}

/** Clusters of a source, sorted; of one with a label and no names those that have targets in the span. */
export async function clustersOf(
  { source, span, signal }: Omit<Request, 'cluster'>,
  deps: StoreDeps,
): Promise<readonly string[]> {
  const { clusters } = source;
  if (clusters.kind === 'one') return [clusters.name];
  if (clusters.names.length > 0) return clusters.names;
  const found = new Set<string>();
  const problems: string[] = [];
  const anyCluster: BillingSource = { ...source, clusters: { kind: 'one', name: '' } };
  for (const api of apisOf(source, deps)) {
    const store = openStore({
      source: anyCluster,
      api,
      cluster: '',
      shown: source.name,
      replica: undefined,
      signal,
      evidence: newEvidence(),
    });
    try {
      for (const name of await valuesOf(store, clusters.label, span)) found.add(name);
    } catch (error) {
      if (signal?.aborted) throw error;
      problems.push(reasonOf(error));
    }
  }
  if (found.size === 0 && problems.length > 0) throw new SourceError(problems.join('; '));
  return [...found].sort();
}

async function valuesOf(store: Store, label: string, { startMs, endMs }: Span): Promise<readonly string[]> {
  const samples = await store.instant(
    (select) => `group by (${label}) (last_over_time(${select('up', [`${label}!=""`])}[${endMs - startMs}ms]))`,
    endMs - 1,
  );
  return samples.flatMap(({ labels }) => labels[label] ?? []).sort();
}

async function checkClock(
  api: PrometheusApi,
  shown: string,
  { limits }: BillingSource,
  { nowMs }: StoreDeps,
  signal: AbortSignal | undefined,
): Promise<void> {
  const asked = nowMs();
  const { samples } = await api.query('time()', signal === undefined ? {} : { signal });
  const answered = nowMs();
  const [sample] = samples;
  if (sample === undefined) throw new SourceError(`${shown} does not tell its time; is it a Prometheus?`);
  const theirs = sample.value * 1000;
  // Its answer was made at some time between the question and the answer.
  const ahead = theirs - answered;
  const behind = asked - theirs;
  const most = Math.max(ahead, behind);
  if (!(most > limits.maxClockSkewMs)) return;
  throw new SourceError(
    `${shown}: its clock is ${Math.round(most / 1000)} s ${ahead > behind ? 'ahead of' : 'behind'} ours, ` +
      `more than max_clock_skew; set both by NTP`,
  );
}
