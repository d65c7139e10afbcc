import { invalid, optional, type Place, textOf, wholeOf } from '../../../../kit/config-values.ts';
import { ConfigError, SourceError } from '../../../../kit/errors.ts';
import { readHeaders } from '../../../../kit/prometheus-api/read-headers.ts';
import { createPrometheusApi, type InstantSample, type PrometheusApi } from '../../../../kit/prometheus-api.ts';
import { durationOf, readSecret, secretFileOf, serverUrlOf } from '../../../../kit/server-fields.ts';
import type { ObserveContext } from '../../observation.ts';
import { createObservedItems, type ObservedItems } from '../observed-items.ts';
import { defineSourceType, type SourceDeps } from '../source-type.ts';
import { addGpuFacts, gpuScope } from './gpu-facts.ts';
import { createMachines, type MachineLabels, type Machines } from './machines.ts';
import { addNodeFacts } from './node-facts.ts';
import { type QueryName, queriesFor } from './queries.ts';

const defaultMaxSeries = 500_000;

interface PrometheusConfig {
  readonly url: string;
  readonly tokenFile: string | undefined;
  readonly user: { readonly name: string; readonly passwordFile: string } | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly labels: MachineLabels;
  readonly match: string;
  readonly maxSeries: number;
  readonly timeoutSeconds: number;
}

export const prometheus = defineSourceType<PrometheusConfig>({
  type: 'prometheus',
  about:
    'Machines, GPUs and their software, from the series of exporters in Prometheus, Thanos, Mimir or VictoriaMetrics.',
  keys: [
    'url',
    'bearer_token_file',
    'username',
    'password_file',
    'headers',
    'node_label',
    'cluster_label',
    'rack_label',
    'cluster',
    'match',
    'max_series',
    'timeout',
  ],
  read: (field, deps) => {
    const tokenFile = optional(field('bearer_token_file'), (place) => secretFileOf(place, deps));
    const user = userOf(field, (place) => secretFileOf(place, deps));
    if (tokenFile !== undefined && user !== undefined)
      throw new ConfigError(`${field('bearer_token_file').where} and username must not both be there`);
    return {
      url: serverUrlOf(field('url')).href,
      tokenFile,
      user,
      headers: optional(field('headers'), readHeaders) ?? {},
      labels: {
        node: optional(field('node_label'), labelOf) ?? 'node',
        cluster: optional(field('cluster_label'), labelOf) ?? 'cluster',
        rack: optional(field('rack_label'), labelOf) ?? 'rack',
        defaultCluster: optional(field('cluster'), textOf),
      },
      match: optional(field('match'), matchOf) ?? '',
      maxSeries:
        optional(field('max_series'), (place) => wholeOf(place, { min: 1, max: 5_000_000 })) ?? defaultMaxSeries,
      timeoutSeconds: optional(field('timeout'), durationOf) ?? 60,
    };
  },
  create: (name, config, deps) => ({
    name,
    type: 'prometheus',
    observe: (context) => observe(config, deps, context),
  }),
});

async function observe(config: PrometheusConfig, deps: SourceDeps, context: ObserveContext) {
  const items = createObservedItems();
  const { samples, isComplete } = await ask(apiFor(config, deps), config, items, context);
  const machines = createMachines(samples.machines, config.labels, items);
  const withNodeFacts = addNodeFacts(samples, machines, items);
  const withGpus = addGpuFacts(samples, machines, items);
  failDown(samples.targets, machines, { withNodeFacts, withGpus }, items);
  if (items.size === 0)
    throw new SourceError(
      `${config.url}: no series tell of machines; scrape node_exporter or a GPU exporter, and check match and node_label`,
    );
  return items.observation(isComplete);
}

interface Answers {
  readonly samples: Readonly<Record<QueryName, readonly InstantSample[]>>;
  readonly isComplete: boolean;
}

async function ask(
  api: PrometheusApi,
  { labels, match, maxSeries }: PrometheusConfig,
  items: ObservedItems,
  { signal, onProgress }: ObserveContext,
): Promise<Answers> {
  const queries = queriesFor({ match, nodeLabel: labels.node });
  const total = Object.keys(queries).length;
  let left = maxSeries;
  let asked = 0;
  let isComplete = true;

  async function samplesOf(name: QueryName): Promise<readonly InstantSample[]> {
    const { samples, partial, warnings } = await api.query(queries[name], { signal }).catch((error: unknown) => {
      // The API rejects with the reason of whoever stops it.
      throw signal.aborted ? new SourceError('stopped', { cause: error }) : error;
    });
    for (const warning of warnings) items.problem(`query for ${name}`, warning);
    const kept = samples.slice(0, left);
    if (kept.length < samples.length)
      items.problem(`query for ${name}`, `more than ${maxSeries} series in all; raise max_series or narrow match`);
    if (partial || warnings.length > 0 || kept.length < samples.length) isComplete = false;
    left -= kept.length;
    asked += 1;
    onProgress(asked, total);
    return kept;
  }

  // One after another: a Prometheus that is busy with rules should notice nothing.
  const samples = {
    machines: await samplesOf('machines'),
    firmware: await samplesOf('firmware'),
    systems: await samplesOf('systems'),
    memory: await samplesOf('memory'),
    cpus: await samplesOf('cpus'),
    gpus: await samplesOf('gpus'),
    migInstances: await samplesOf('migInstances'),
    drivers: await samplesOf('drivers'),
    dcgm: await samplesOf('dcgm'),
    targets: await samplesOf('targets'),
    adapters: await samplesOf('adapters'),
    interfaces: await samplesOf('interfaces'),
  };
  return { samples, isComplete };
}

/** A machine whose exporter does not answer is there; what is in it could not be looked at. */
function failDown(
  targets: readonly InstantSample[],
  machines: Machines,
  { withNodeFacts, withGpus }: { readonly withNodeFacts: ReadonlySet<string>; readonly withGpus: ReadonlySet<string> },
  items: ObservedItems,
): void {
  for (const { labels, value } of targets) {
    const machine = machines.of(labels);
    if (machine === undefined || value === 1) continue;
    const reason = `the target ${labels['instance'] ?? ''} of the job ${labels['job'] ?? ''} is down`;
    if (!withNodeFacts.has(machine.key)) items.failScope(machine.key, reason);
    if (!withGpus.has(machine.key)) items.failScope(gpuScope(machine.key), reason);
  }
}

function apiFor(config: PrometheusConfig, { readFile }: SourceDeps): PrometheusApi {
  const { url, tokenFile, user, headers, timeoutSeconds } = config;
  return createPrometheusApi({
    url,
    headers,
    timeoutMs: timeoutSeconds * 1000,
    ...(tokenFile === undefined ? {} : { bearerTokenFile: tokenFile }),
    ...(user === undefined
      ? {}
      : { basicAuth: { username: user.name, password: readSecret(user.passwordFile, readFile) } }),
  });
}

function userOf(field: (key: string) => Place, passwordFile: (place: Place) => string): PrometheusConfig['user'] {
  const name = optional(field('username'), textOf);
  const file = optional(field('password_file'), passwordFile);
  if (name === undefined && file === undefined) return undefined;
  if (name === undefined || file === undefined)
    throw new ConfigError(`${field('username').where} and password_file must be there both or neither`);
  return { name, passwordFile: file };
}

function labelOf(place: Place): string {
  const name = textOf(place);
  if (!/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name)) throw invalid(place, 'the name of a label');
  return name;
}

function matchOf(place: Place): string {
  const text = textOf(place);
  if (/[{}]/.test(text) || !/^\s*[a-zA-Z_]\w*\s*(=~|!~|!=|=)\s*"/.test(text))
    throw invalid(place, 'matchers without braces such as cluster="a"');
  return text.trim();
}
