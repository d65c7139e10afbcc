import {
  booleanOf,
  entriesOf,
  fieldsOf,
  invalid,
  listOf,
  oneOf,
  optional,
  type Place,
  textOf,
} from '../../../../kit/config-values.ts';
import { durationOf } from '../../../../kit/server-fields.ts';
import { matcherOf, textsOf } from '../source-fields.ts';
import { applicationChoices, type KubernetesConfig, type PlaceLabels, type TenantRule } from './kubernetes-config.ts';
import { type EndpointDeps, readEndpoint } from './read-endpoint.ts';

export const kubernetesKeys = [
  'url',
  'token_file',
  'ca_file',
  'insecure',
  'kubeconfig',
  'cluster',
  'tenant_label',
  'team_label',
  'tenants',
  'place_labels',
  'node_labels',
  'namespaces',
  'applications',
  'daemons',
  'timeout',
] as const;

const maxPatterns = 1000;
const maxTenants = 10_000;
const maxLabels = 50;
const defaultTimeoutSeconds = 30;
const longestTimeoutSeconds = 600;
const defaultRackLabel = 'topology.kubernetes.io/rack';

export function readKubernetesConfig(field: (key: string) => Place, deps: EndpointDeps): KubernetesConfig {
  return {
    endpoint: readEndpoint(field, deps),
    timeoutSeconds: optional(field('timeout'), timeoutOf) ?? defaultTimeoutSeconds,
    cluster: clusterOf(field('cluster')),
    tenantLabel: optional(field('tenant_label'), labelOf) ?? 'fleetlens.io/tenant',
    teamLabel: optional(field('team_label'), labelOf) ?? 'fleetlens.io/team',
    tenants: listOf(field('tenants'), maxTenants).map(tenantRuleOf),
    placeLabels: optional(field('place_labels'), placeLabelsOf) ?? noPlaces,
    nodeLabels: optional(field('node_labels'), nodeLabelsOf) ?? [],
    isWanted: optional(field('namespaces'), namespacesOf) ?? (() => true),
    applications: optional(field('applications'), (place) => oneOf(place, applicationChoices)) ?? 'services',
    hasDaemons: optional(field('daemons'), booleanOf) ?? false,
  };
}

const noPlaces: PlaceLabels = { site: undefined, room: undefined, rack: defaultRackLabel };

/** It stands in front of names, with a slash behind it. */
function clusterOf(place: Place): string {
  const name = textOf(place).trim();
  if (name.length > 100 || /[/\p{Cc}]/u.test(name))
    throw invalid(place, 'the name of the cluster, of at most 100 characters and without a slash');
  return name;
}

function timeoutOf(place: Place): number {
  const seconds = durationOf(place);
  if (seconds > longestTimeoutSeconds) throw invalid(place, 'a duration of at most 10m');
  return seconds;
}

/** Keys of labels: a name, with a domain in front or without. */
function labelOf(place: Place): string {
  const key = textOf(place);
  if (/^([a-z0-9]([a-z0-9.-]*[a-z0-9])?\/)?[A-Za-z0-9]([\w.-]{0,61}[A-Za-z0-9])?$/.test(key)) return key;
  throw invalid(place, 'the key of a label such as topology.kubernetes.io/rack');
}

function tenantRuleOf(place: Place): TenantRule {
  const field = fieldsOf(place, ['namespaces', 'tenant']);
  return {
    matches: matcherOf(textsOf(field('namespaces'), maxPatterns)),
    tenant: textOf(field('tenant')).trim(),
  };
}

function placeLabelsOf(place: Place): PlaceLabels {
  const field = fieldsOf(place, ['site', 'room', 'rack']);
  return {
    site: optional(field('site'), labelOf),
    room: optional(field('room'), labelOf),
    rack: optional(field('rack'), labelOf),
  };
}

function nodeLabelsOf(place: Place): readonly (readonly [string, string])[] {
  return entriesOf(place, maxLabels).map(([attribute, value]) => {
    const where = `${place.where}.${attribute}`;
    if (!/^[a-z][a-z0-9_]{0,59}$/.test(attribute))
      throw invalid({ value: attribute, where }, 'an attribute of lower-case letters, digits and _');
    return [attribute, labelOf({ value, where })];
  });
}

function namespacesOf(place: Place): (namespace: string) => boolean {
  const field = fieldsOf(place, ['include', 'exclude']);
  const patterns = (key: string) => optional(field(key), (each) => matcherOf(textsOf(each, maxPatterns)));
  const isIncluded = patterns('include') ?? (() => true);
  const isExcluded = patterns('exclude') ?? (() => false);
  return (namespace) => isIncluded(namespace) && !isExcluded(namespace);
}
