import { fieldsOf, invalid, listOf, oneOf, optional, type Place, textOf } from '../../../kit/config-values.ts';
import { ConfigError } from '../../../kit/errors.ts';
import { defaultResources, type Quota } from './quota.ts';

const maxQuotas = 100;
const maxResources = 50;
const common = ['name', 'type', 'source', 'cluster_label', 'cluster'];
const ofKubernetes = [...common, 'match', 'resources'];
const ofSeries = [...common, 'used', 'limit', 'account_label', 'holder', 'resource'];

type Field = (key: string) => Place;

/** Reads `quotas` of the billing file; `sources` are the names of its sources. Throws ConfigError that names the place. */
export function readQuotas(place: Place, sources: readonly string[]): readonly Quota[] {
  const names = new Set<string>();
  return listOf(place, maxQuotas).map((each) => {
    const quota = quotaOf(each, sources);
    if (names.has(quota.name)) throw new ConfigError(`${each.where}.name ${quota.name} is there twice`);
    names.add(quota.name);
    return quota;
  });
}

function quotaOf(place: Place, sources: readonly string[]): Quota {
  const field = fieldsOf(place, [...new Set([...ofKubernetes, ...ofSeries])]);
  const type = oneOf(field('type'), ['kubernetes', 'series']);
  // Once more, since each type has keys of its own.
  const own = fieldsOf(place, type === 'kubernetes' ? ofKubernetes : ofSeries);
  const base = {
    name: textOf(own('name')),
    source: oneOf(own('source'), sources),
    clusterLabel: optional(own('cluster_label'), labelOf) ?? 'cluster',
    cluster: optional(own('cluster'), textOf) ?? '',
  };
  return type === 'kubernetes' ? { ...base, ...kubernetesOf(own) } : { ...base, ...seriesOf(own) };
}

function kubernetesOf(field: Field) {
  const resources = optional(field('resources'), (place) => listOf(place, maxResources).map(textOf));
  if (resources?.length === 0) throw invalid(field('resources'), 'a list of resources, or be left out');
  return {
    type: 'kubernetes',
    match: optional(field('match'), matchOf) ?? '',
    resources: resources ?? defaultResources,
  } as const;
}

function seriesOf(field: Field) {
  return {
    type: 'series',
    used: textOf(field('used')),
    limit: textOf(field('limit')),
    accountLabel: optional(field('account_label'), labelOf) ?? 'account',
    holder: optional(field('holder'), labelOf) ?? 'account',
    resource: textOf(field('resource')),
  } as const;
}

function labelOf(place: Place): string {
  const label = textOf(place);
  if (/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(label)) return label;
  throw invalid(place, 'the name of a label');
}

function matchOf(place: Place): string {
  const match = textOf(place);
  if (!/[{}]/.test(match) && /^[a-zA-Z_][a-zA-Z0-9_]*\s*(=|!=|=~|!~)\s*"/.test(match)) return match;
  throw invalid(place, 'matchers without braces, such as cluster="c1"');
}
