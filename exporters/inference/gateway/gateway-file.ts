import {
  entriesOf,
  fieldsOf,
  invalid,
  listOf,
  oneOf,
  optional,
  type Place,
  positiveOf,
  textOf,
} from '../../../kit/config-values.ts';
import { ConfigError } from '../../../kit/errors.ts';
import { parseDuration } from '../../../kit/options/duration.ts';
import { cut } from '../../../kit/options/preview.ts';
import { parseYaml } from '../../../kit/yaml.ts';
import { engineKinds } from '../../../metrics/engines/index.ts';
import { isPlainPath } from '../dialects/endpoints.ts';
import type { Thresholds } from '../metering/slo.ts';
import { pathOf, serverAddressOf } from '../server-address.ts';
import { type Gateway, noLimits, type TenantLimits, type Upstream, unknownTenant } from './gateway.ts';
import { upstreamAt } from './upstream-defaults.ts';

/** Kinds of servers that are treated each in its way, and the name for all others. */
const serverKinds = [...engineKinds, 'openai'] as const;
const maxUpstreams = 500;
const maxModels = 1000;
const maxPaths = 100;
const maxTenants = 1000;
const name = /^[\w.:@/-]{1,100}$/;

/**
 * Reads the file of `--proxy.file`. `urls` are the upstreams of the command line, which come first. Throws ConfigError that names the file,
 * the key, the bad value and what is allowed.
 */
export function parseGateway(file: string, text: string, urls: readonly string[]): Gateway {
  const document = parseYaml(file, text);
  const keys = ['upstreams', 'models', 'paths', 'tenants', 'default_limits'];
  const field = fieldsOf({ value: document ?? {}, where: file }, keys, ': ');
  const upstreams = [...upstreamsOf(urls), ...listOf(field('upstreams'), maxUpstreams).map(readUpstream)];
  const models = readModels(field('models'));
  return {
    upstreams: distinct(upstreams, file),
    models: [...models.keys()],
    paths: new Set(listOf(field('paths'), maxPaths).map(furtherPathOf)),
    tenants: readTenants(field('tenants')),
    defaultLimits: optional(field('default_limits'), readLimits) ?? noLimits,
    sloOfModels: models,
  };
}

/** The upstreams that are named by their address alone. Throws ConfigError. */
export function upstreamsOf(urls: readonly string[]): readonly Upstream[] {
  return urls.map((url, index) =>
    upstreamAt(serverAddressOf({ value: url, where: `--proxy.upstreams[${index}]` }), {}),
  );
}

function distinct(upstreams: readonly Upstream[], file: string): readonly Upstream[] {
  const names = upstreams.map((upstream) => upstream.name);
  const twice = names.find((each, index) => names.indexOf(each) !== index);
  if (twice !== undefined) throw new ConfigError(`${file}: two upstreams are called ${cut(twice)}; give each a name`);
  return upstreams;
}

function readUpstream(place: Place): Upstream {
  const field = fieldsOf(place, [
    'name',
    'url',
    'kind',
    'models',
    'weight',
    'api_key_file',
    'ca_file',
    'usage',
    'health_path',
  ]);
  return upstreamAt(serverAddressOf(field('url')), {
    name: optional(field('name'), nameOf),
    kind: optional(field('kind'), (kind) => oneOf(kind, serverKinds)),
    models: optional(field('models'), (models) => listOf(models, maxModels).map(textOf)),
    weight: optional(field('weight'), positiveOf),
    apiKeyFile: optional(field('api_key_file'), textOf),
    caFile: optional(field('ca_file'), textOf),
    usage: optional(field('usage'), (usage) => oneOf(usage, ['final', 'continuous', 'none'] as const)),
    healthPath: optional(field('health_path'), pathOf),
  });
}

function nameOf(place: Place): string {
  const text = textOf(place);
  if (name.test(text)) return text;
  throw invalid(place, 'a name of letters, digits and . _ : @ / -, at most 100 of them');
}

function furtherPathOf(place: Place): string {
  const path = textOf(place);
  if (isPlainPath(path)) return path;
  throw invalid(place, 'a path of letters, digits and . _ : @ + / -, without . or .. between slashes');
}

function readModels(place: Place): ReadonlyMap<string, Partial<Thresholds>> {
  return new Map(
    listOf(place, maxModels).map((entry) => {
      if (typeof entry.value === 'string') return [textOf(entry), {}] as const;
      const field = fieldsOf(entry, ['name', 'ttft', 'tpot']);
      const ttft = optional(field('ttft'), secondsOf);
      const tpot = optional(field('tpot'), secondsOf);
      return [
        textOf(field('name')),
        { ...(ttft === undefined ? {} : { ttft }), ...(tpot === undefined ? {} : { tpot }) },
      ] as const;
    }),
  );
}

function readTenants(place: Place): ReadonlyMap<string, TenantLimits> {
  if (place.value === undefined || place.value === null) return new Map();
  const entries = entriesOf(place, maxTenants).map(([tenant, value]) => {
    const where = `${place.where}.${cut(tenant)}`;
    if (tenant === unknownTenant)
      throw new ConfigError(`${where} is the name of all whose key is not known; use default_limits for them`);
    nameOf({ value: tenant, where });
    return [tenant, readLimits({ value: value ?? {}, where })] as const;
  });
  return new Map(entries);
}

function readLimits(place: Place): TenantLimits {
  const field = fieldsOf(place, [
    'models',
    'requests_per_minute',
    'tokens_per_minute',
    'concurrency',
    'queue_timeout',
    'tokens_per_day',
    'tokens_per_month',
  ]);
  return {
    models: optional(field('models'), (models) => listOf(models, maxModels).map(textOf)),
    requestsPerMinute: optional(field('requests_per_minute'), positiveOf),
    tokensPerMinute: optional(field('tokens_per_minute'), positiveOf),
    concurrency: optional(field('concurrency'), wholeOf),
    queueSeconds: optional(field('queue_timeout'), secondsOf) ?? 0,
    tokensPerDay: optional(field('tokens_per_day'), positiveOf),
    tokensPerMonth: optional(field('tokens_per_month'), positiveOf),
  };
}

function wholeOf(place: Place): number {
  const value = positiveOf(place);
  if (Number.isSafeInteger(value)) return value;
  throw invalid(place, 'a whole number above 0');
}

function secondsOf(place: Place): number {
  const seconds = typeof place.value === 'string' ? parseDuration(place.value) : undefined;
  if (seconds !== undefined && seconds > 0) return seconds;
  throw invalid(place, 'a duration such as 500ms or 2s');
}
