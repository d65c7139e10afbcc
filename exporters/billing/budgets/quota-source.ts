import { reasonOf } from '../../../kit/errors.ts';
import type { InstantSample, Labels, PrometheusApi } from '../../../kit/prometheus-api.ts';
import type { TenantDirectory } from '../subjects/tenant-directory.ts';
import type { wholeShare } from '../usage.ts';
import type { KubernetesQuota, Quota, QuotaReading, SeriesQuota } from './quota.ts';

export interface QuotaSource {
  /** One after the other; what fails costs its own readings alone. */
  readonly read: (options: { readonly nowMs: number; readonly signal?: AbortSignal }) => Promise<QuotaReadings>;
}

export interface QuotaReadings {
  readonly readings: readonly QuotaReading[];
  readonly results: readonly QuotaResult[];
}

/** How the question for one quota went. */
export interface QuotaResult {
  readonly quota: string;
  readonly source: string;
  /** Why there are no readings, or fewer than there should be; undefined if all is well. */
  readonly problem: string | undefined;
  readonly isUp: boolean;
}

export interface QuotaSourceDeps {
  readonly quotas: readonly Quota[];
  /** The API of a source by its name. */
  readonly apiOf: (source: string) => Pick<PrometheusApi, 'query'>;
  readonly directory: Pick<TenantDirectory, 'attribute'>;
}

/** Reads how much of each quota is used, as of now. */
export function createQuotaSource({ quotas, apiOf, directory }: QuotaSourceDeps): QuotaSource {
  return {
    read: async ({ nowMs, signal }) => {
      const found = new Map<string, QuotaReading>();
      const results: QuotaResult[] = [];
      for (const quota of quotas) {
        const api = apiOf(quota.source);
        const ask = async (expr: string): Promise<Answer> =>
          answerOf(await api.query(expr, signal === undefined ? {} : { signal }));
        const { name, source } = quota;
        try {
          const { rows, problem } = await rowsOf(quota, ask);
          for (const { account, holder, cluster, resource, used, limit } of rows) {
            const tenant = tenantOf(directory, { cluster, holder, nowMs });
            // A second answer for the same quota would be the same series twice.
            found.set(JSON.stringify([cluster, account, resource]), {
              cluster,
              tenant,
              quota: account,
              resource,
              used,
              limit,
            });
          }
          results.push({ quota: name, source, problem, isUp: true });
        } catch (error) {
          if (signal?.aborted === true) throw error;
          results.push({ quota: name, source, problem: reasonOf(error), isUp: false });
        }
      }
      return { readings: [...found.values()], results };
    },
  };
}

interface Answer {
  readonly samples: readonly InstantSample[];
  readonly isPartial: boolean;
}

interface Row {
  readonly account: string;
  readonly holder: Labels;
  readonly cluster: string;
  readonly resource: string;
  readonly used: number;
  readonly limit: number;
}

interface Rows {
  readonly rows: readonly Row[];
  readonly problem: string | undefined;
}

type Ask = (expr: string) => Promise<Answer>;

function answerOf({ samples, partial }: Awaited<ReturnType<PrometheusApi['query']>>): Answer {
  return { samples: samples.filter(({ value }) => Number.isFinite(value) && value >= 0), isPartial: partial };
}

function rowsOf(quota: Quota, ask: Ask): Promise<Rows> {
  return quota.type === 'kubernetes' ? rowsOfKubernetes(quota, ask) : rowsOfSeries(quota, ask);
}

async function rowsOfKubernetes(quota: KubernetesQuota, ask: Ask): Promise<Rows> {
  const matchers = [`resource=~"${quota.resources.map(escaped).join('|')}"`, quota.match].filter((each) => each !== '');
  // Two replicas of kube-state-metrics tell the same.
  const vector = (type: 'used' | 'hard') =>
    `max by (${quota.clusterLabel}, namespace, resourcequota, resource) (kube_resourcequota{type="${type}",${matchers.join(',')}})`;
  const [used, limit] = [await ask(vector('used')), await ask(vector('hard'))];
  return joined(quota, { used, limit }, ({ namespace = '', resourcequota = '', resource = '' }) => ({
    account: `${namespace}/${resourcequota}`,
    holder: { namespace },
    resource,
  }));
}

async function rowsOfSeries(quota: SeriesQuota, ask: Ask): Promise<Rows> {
  const vector = (expr: string) => `max by (${quota.clusterLabel}, ${quota.accountLabel}) (${expr})`;
  const [used, limit] = [await ask(vector(quota.used)), await ask(vector(quota.limit))];
  return joined(quota, { used, limit }, (labels) => {
    const account = labels[quota.accountLabel] ?? '';
    return { account, holder: { [quota.holder]: account }, resource: quota.resource };
  });
}

function joined(
  { clusterLabel, cluster }: Quota,
  { used, limit }: { readonly used: Answer; readonly limit: Answer },
  keyOf: (labels: Labels) => Pick<Row, 'account' | 'holder' | 'resource'>,
): Rows {
  const named = (labels: Labels) => ({ ...keyOf(labels), cluster: labels[clusterLabel] ?? cluster });
  const key = (row: Pick<Row, 'account' | 'resource' | 'cluster'>) =>
    JSON.stringify([row.cluster, row.account, row.resource]);
  const usedBy = new Map(used.samples.map(({ labels, value }) => [key(named(labels)), value]));
  const rows = limit.samples.flatMap(({ labels, value }) => {
    const row = named(labels);
    const amount = usedBy.get(key(row));
    return amount === undefined || row.account === '' ? [] : [{ ...row, used: amount, limit: value }];
  });
  return { rows, problem: problemOf({ used, limit, rows: rows.length }) };
}

function problemOf({ used, limit, rows }: { used: Answer; limit: Answer; rows: number }): string | undefined {
  if (used.isPartial || limit.isPartial) return 'part of the answer is missing';
  if (limit.samples.length === 0) return 'no series tells a limit';
  if (rows < limit.samples.length)
    return `${limit.samples.length - rows} limits without a series that tells what is used of them`;
  return undefined;
}

/** The tenant with the largest share; a quota is not divided. */
function tenantOf(
  directory: Pick<TenantDirectory, 'attribute'>,
  { cluster, holder, nowMs }: { readonly cluster: string; readonly holder: Labels; readonly nowMs: number },
): string {
  const owners = directory.attribute({ cluster, node: '', resource: '', holder, state: 'used' }, nowMs);
  const shareOf = ({ share }: { share: typeof wholeShare }): number => share.num / share.den;
  return [...owners].sort((a, b) => shareOf(b) - shareOf(a))[0]?.tenant ?? '';
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\\\$&');
}
