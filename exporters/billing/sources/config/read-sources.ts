import {
  booleanOf,
  entriesOf,
  fieldsOf,
  invalid,
  listOf,
  optional,
  type Place,
  textOf,
  wholeOf,
} from '../../../../kit/config-values.ts';
import { ConfigError } from '../../../../kit/errors.ts';
import { readHeaders } from '../../../../kit/prometheus-api/read-headers.ts';
import type { Share } from '../../usage.ts';
import {
  durationMsOf,
  labelNameOf,
  matchersOf,
  type ReadFile,
  readFileNow,
  secretFileOf,
  serverUrlOf,
} from './fields.ts';
import { readJoins } from './joins.ts';
import type { BillingSource, Clusters, GpuSourceSettings, SourceLimits } from './source.ts';

const maxSources = 100;
const maxUrls = 5;
const maxClusters = 1000;
const maxNodes = 10_000;
const maxDcgmSeries = 20;
const maxProfiles = 200;
const day = 86_400;

export const sourceKeys = [
  'name',
  'cluster',
  'cluster_label',
  'clusters',
  'url',
  'replicas',
  'replica_label',
  'bearer_token_file',
  'username',
  'password_file',
  'headers',
  'node_label',
  'match',
  'recorded',
  'scrape_interval',
  'timeout',
  'max_response_bytes',
  'max_samples',
  'max_clock_skew',
  'targets_per_request',
  'joins',
  'pod_labels',
  'namespace_labels',
  'forget_after',
  'cmdb',
  'gpu_replicas',
  'mig_shares',
  'gpu_resource',
  'dcgm_series',
];

type Field = (key: string) => Place;

/** Reads `sources` of the configuration. Throws ConfigError that names the place, the value and what is allowed. */
export function readSources(place: Place, readFile: ReadFile = readFileNow): readonly BillingSource[] {
  const sources = listOf(place, maxSources).map((each) => sourceOf(each, readFile));
  if (sources.length === 0)
    throw new ConfigError(
      `${place.where} must have at least one source, such as {name: main, cluster: a, url: http://prometheus:9090}`,
    );
  refuseTwice(sources.map(({ name, where }) => ({ name, where: `${where}.name` })));
  refuseTwice(sources.flatMap((source) => clusterNamesOf(source).map((name) => ({ name, where: source.where }))));
  return sources;
}

function sourceOf(place: Place, readFile: ReadFile): BillingSource {
  const field = fieldsOf(place, sourceKeys);
  const tokenFile = optional(field('bearer_token_file'), (each) => secretFileOf(each, readFile));
  const user = userOf(field, readFile);
  if (tokenFile !== undefined && user !== undefined)
    throw new ConfigError(`${field('bearer_token_file').where} and username must not both be there`);
  const urls = urlsOf(field);
  const replicaLabel = optional(field('replica_label'), labelNameOf);
  if (replicaLabel !== undefined && urls.length > 1)
    throw new ConfigError(
      `${field('replica_label').where} is for one store that holds both replicas; leave it out beside replicas`,
    );
  return {
    name: textOf(field('name')),
    where: place.where,
    urls,
    tokenFile,
    user,
    headers: optional(field('headers'), readHeaders) ?? {},
    clusters: clustersOf(field),
    replicaLabel,
    nodeLabel: optional(field('node_label'), labelNameOf) ?? 'node',
    match: optional(field('match'), matchersOf) ?? '',
    recorded: optional(field('recorded'), booleanOf) ?? false,
    scrapeIntervalMs: optional(field('scrape_interval'), (each) => durationMsOf(each, 1, 600)),
    limits: limitsOf(field),
    joins: readJoins(field('joins'), field('pod_labels'), field('namespace_labels')),
    gpus: gpusOf(field),
  };
}

function urlsOf(field: Field): readonly string[] {
  const url = optional(field('url'), serverUrlOf);
  const replicas = listOf(field('replicas'), maxUrls).map(serverUrlOf);
  const urls = [...(url === undefined ? [] : [url]), ...replicas];
  if (urls.length === 0)
    throw new ConfigError(
      `${field('url').where} is missing; give the address of Prometheus such as http://prometheus:9090`,
    );
  if (new Set(urls).size < urls.length)
    throw invalid(field('replicas'), 'addresses that differ from each other and from url');
  return urls;
}

function clustersOf(field: Field): Clusters {
  const name = optional(field('cluster'), textOf);
  const label = optional(field('cluster_label'), labelNameOf);
  const names = listOf(field('clusters'), maxClusters).map(textOf);
  if (label === undefined) {
    if (names.length > 0)
      throw new ConfigError(
        `${field('clusters').where} needs cluster_label, the label that tells the cluster of a series`,
      );
    if (name === undefined)
      throw new ConfigError(
        `${field('cluster').where} is missing; name the cluster, or the label that tells it by cluster_label`,
      );
    return { kind: 'one', name };
  }
  if (name !== undefined && names.length > 0)
    throw new ConfigError(`${field('clusters').where} and cluster must not both be there`);
  return { kind: 'labelled', label, names: name === undefined ? names : [name] };
}

function limitsOf(field: Field): SourceLimits {
  const whole = (key: string, min: number, max: number, otherwise: number): number =>
    optional(field(key), (place) => wholeOf(place, { min, max })) ?? otherwise;
  return {
    timeoutMs: optional(field('timeout'), (place) => durationMsOf(place, 1, 3600)) ?? 120_000,
    maxResponseBytes: whole('max_response_bytes', 1_000_000, 1_000_000_000, 64 * 1024 * 1024),
    maxSamples: whole('max_samples', 1000, 2_000_000_000, 200_000_000),
    maxClockSkewMs: optional(field('max_clock_skew'), (place) => durationMsOf(place, 1, 3600)) ?? 60_000,
    targetsPerRequest: whole('targets_per_request', 1, 1000, 100),
  };
}

function gpusOf(field: Field): GpuSourceSettings {
  return {
    forgetAfterMs: optional(field('forget_after'), (place) => durationMsOf(place, 3600, 90 * day)) ?? 7 * day * 1000,
    cmdb: optional(field('cmdb'), booleanOf) ?? true,
    replicas: optional(field('gpu_replicas'), replicasOf) ?? {},
    migShares: optional(field('mig_shares'), migSharesOf) ?? {},
    resource: optional(field('gpu_resource'), labelNameOf) ?? 'nvidia_com_gpu',
    dcgmSeries: dcgmSeriesOf(field('dcgm_series')),
  };
}

/** Before and since dcgm-exporter 4.9. */
const usualDcgmSeries = [
  'DCGM_FI_DEV_FB_USED',
  'DCGM_FI_DEV_FB_USED_BYTES',
  'DCGM_FI_DEV_GPU_TEMP',
  'DCGM_FI_DEV_GPU_TEMP_CELSIUS',
];

function dcgmSeriesOf(place: Place): readonly string[] {
  const names = listOf(place, maxDcgmSeries).map((each) => {
    const name = textOf(each);
    if (/^DCGM_(FI|EXP)_[A-Z0-9_]+$/.test(name)) return name;
    throw invalid(each, 'the name of a series of dcgm-exporter such as DCGM_FI_DEV_SM_CLOCK');
  });
  return names.length === 0 ? usualDcgmSeries : names;
}

function replicasOf(place: Place): Readonly<Record<string, number>> {
  const entries = entriesOf(place, maxNodes).map(([node, value]) => {
    const at = { value, where: `${place.where}.${node}` };
    return [node, wholeOf(at, { min: 1, max: 1000 })] as const;
  });
  return Object.fromEntries(entries);
}

function migSharesOf(place: Place): GpuSourceSettings['migShares'] {
  return Object.fromEntries(
    entriesOf(place, maxProfiles).map(([profile, value]) => [
      profile,
      shareOf({ value, where: `${place.where}.${profile}` }),
    ]),
  );
}

function shareOf(place: Place): Share {
  const [, num, den] = /^([1-9]\d{0,3})\/([1-9]\d{0,3})$/.exec(textOf(place)) ?? [];
  if (num === undefined || den === undefined || Number(num) > Number(den))
    throw invalid(place, 'a part of a GPU such as "2/7", one at most');
  return { num: Number(num), den: Number(den) };
}

function userOf(field: Field, readFile: ReadFile): BillingSource['user'] {
  const name = optional(field('username'), textOf);
  const passwordFile = optional(field('password_file'), (place) => secretFileOf(place, readFile));
  if (name === undefined && passwordFile === undefined) return undefined;
  if (name === undefined || passwordFile === undefined)
    throw new ConfigError(`${field('username').where} and password_file must be there both or neither`);
  return { name, passwordFile };
}

function clusterNamesOf({ clusters }: BillingSource): readonly string[] {
  return clusters.kind === 'one' ? [clusters.name] : clusters.names;
}

function refuseTwice(named: readonly { readonly name: string; readonly where: string }[]): void {
  const seen = new Map<string, string>();
  for (const { name, where } of named) {
    const before = seen.get(name);
    if (before !== undefined)
      throw new ConfigError(`${where} names ${name}, which ${before} names already; a usage would count twice`);
    seen.set(name, where);
  }
}
