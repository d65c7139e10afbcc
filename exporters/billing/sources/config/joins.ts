import { entriesOf, fieldsOf, listOf, optional, type Place, textOf } from '../../../../kit/config-values.ts';
import { ConfigError } from '../../../../kit/errors.ts';
import type { MeterJoin } from '../../meters/meter.ts';
import { labelNameOf, selectorOf } from './fields.ts';

/** Takes what an info series knows of a holder: `series` with the same labels `on` gives the labels `take`. */
export type Join = MeterJoin;

const maxJoins = 20;
const maxLabels = 20;

/** Pod UIDs, so that a pod whose name is used again is another one. */
export const defaultJoins: readonly Join[] = [
  { series: 'kube_pod_info', on: { namespace: 'namespace', pod: 'pod' }, take: { pod_uid: 'uid' } },
];

/** Reads joins, pod_labels and namespace_labels. Throws ConfigError that names the place. */
export function readJoins(joins: Place, podLabels: Place, namespaceLabels: Place): readonly Join[] {
  const own = listOf(joins, maxJoins).map(joinOf);
  return [
    ...defaultJoins,
    ...labelsOf(podLabels).flatMap(podLabelJoins),
    ...labelsOf(namespaceLabels).map(namespaceLabelJoin),
    ...own,
  ];
}

export function joinOf(place: Place): Join {
  const field = fieldsOf(place, ['series', 'on', 'take']);
  const on = optional(field('on'), onOf) ?? {};
  if (Object.keys(on).length === 0)
    throw new ConfigError(`${field('on').where} must name the labels to join on, such as [namespace, pod]`);
  return { series: selectorOf(field('series')), on, take: takenOf(field('take')) };
}

function onOf(place: Place): Readonly<Record<string, string>> {
  if (!Array.isArray(place.value)) return mapOf(place);
  return Object.fromEntries(listOf(place, maxLabels).map((each) => [labelNameOf(each), labelNameOf(each)]));
}

function takenOf(place: Place): Readonly<Record<string, string>> {
  const taken = mapOf(place);
  if (Object.keys(taken).length > 0) return taken;
  throw new ConfigError(`${place.where} must say what to take, such as account: label_slurm_account`);
}

function mapOf(place: Place): Readonly<Record<string, string>> {
  const entries = entriesOf(place, maxLabels).map(([key, value]) => {
    const where = `${place.where}.${key}`;
    return [labelNameOf({ value: key, where }), labelNameOf({ value, where })] as const;
  });
  return Object.fromEntries(entries);
}

function labelsOf(place: Place): readonly string[] {
  return listOf(place, maxLabels).map((each) => {
    const name = textOf(each);
    if (/^[a-zA-Z0-9]([\w./-]{0,250}[a-zA-Z0-9])?$/.test(name)) return name;
    throw new ConfigError(
      `${each.where} must be the name of a Kubernetes label such as team or app.kubernetes.io/name`,
    );
  });
}

/** From kube-state-metrics, which needs --metric-labels-allowlist, and from our exporter, which knows pods that have a GPU. */
function podLabelJoins(label: string): readonly Join[] {
  const on = { namespace: 'namespace', pod: 'pod' };
  const name = `label_${sanitized(label)}`;
  return [
    { series: `kube_pod_labels{${name}!=""}`, on, take: { [name]: name } },
    { series: `gpu_pod_label_info{label=${JSON.stringify(label)}}`, on, take: { [name]: 'value' } },
  ];
}

function namespaceLabelJoin(label: string): Join {
  const name = `label_${sanitized(label)}`;
  return {
    series: `kube_namespace_labels{${name}!=""}`,
    on: { namespace: 'namespace' },
    take: { [`namespace_${name}`]: name },
  };
}

/** As kube-state-metrics writes names of labels. */
function sanitized(label: string): string {
  return label.replaceAll(/[^a-zA-Z0-9_]/g, '_');
}
