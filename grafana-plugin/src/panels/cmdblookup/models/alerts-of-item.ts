import type { Alert } from '../answers/alerts';
import type { Item } from '../answers/item';
import type { ItemRef } from '../answers/item-ref';
import type { Place } from '../answers/place';
import type { Rack } from '../answers/rack';

export interface AlertFilter {
  /** A matcher of Alertmanager. */
  readonly matcher: string;
  /** Whether the alert is about the item itself, not only about the machine that it is in. */
  readonly isOwn: (alert: Alert) => boolean;
}

const always = () => true;
/** Classes whose name is the value of a label. */
const byLabel: Readonly<Record<string, string>> = {
  switch: 'switch',
  tenant: 'tenant',
  namespace: 'namespace',
  cluster: 'cluster',
};

/** By which labels alerts lead to the item; undefined where none do. `rack` is what stands in it where the item is a rack. */
export function alertFilter(item: Item, place: Place, rack?: Rack): AlertFilter | undefined {
  if (item.class === 'gpu' && place.node !== undefined)
    return { matcher: equal('node', place.node), isOwn: createGpuTest(item) };
  if (item.class === 'rack') return rack === undefined ? undefined : rackFilter(rack);
  const label = byLabel[item.class];
  if (label !== undefined) return { matcher: equal(label, item.name), isOwn: always };
  if (item.class === 'application') return applicationFilter(item);
  if (place.node === undefined) return undefined;
  return { matcher: equal('node', place.node), isOwn: item.class === 'server' ? always : () => false };
}

function createGpuTest({ attributes }: Item): (alert: Alert) => boolean {
  const { uuid, gpu_index: index } = attributes;
  return ({ labels }) => {
    if (labels.uuid !== undefined) return labels.uuid.toLowerCase() === String(uuid).toLowerCase();
    const itsIndex = labels.gpu_id ?? labels.gpu;
    return itsIndex !== undefined && itsIndex === String(index);
  };
}

function rackFilter({ mounted }: Rack): AlertFilter | undefined {
  const nodes = mounted.flatMap(({ node }) => (node === undefined ? [] : [node]));
  if (nodes.length === 0) return undefined;
  const pattern = nodes
    .slice(0, 100)
    .map((node) => node.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .join('|');
  return { matcher: `node=~${JSON.stringify(pattern)}`, isOwn: always };
}

/** A workload is named namespace/name; its pods have something random behind it. */
function applicationFilter({ name }: ItemRef): AlertFilter | undefined {
  const [, namespace, workload] = /^([^/]+)\/(.+)$/.exec(name) ?? [];
  if (namespace === undefined || workload === undefined) return undefined;
  const isOwn = ({ labels }: Alert): boolean =>
    [labels.deployment, labels.statefulset, labels.daemonset, labels.job_name, labels.pod, labels.run].some(
      (value) => value === workload || value?.startsWith(`${workload}-`) === true,
    );
  return { matcher: equal('namespace', namespace), isOwn };
}

function equal(label: string, value: string): string {
  return `${label}=${JSON.stringify(value)}`;
}

const severities = ['critical', 'warning', 'info'];

/** The worst first, and of these the oldest. */
export function sortAlerts(alerts: readonly Alert[]): readonly Alert[] {
  const rank = ({ labels, isSilenced, isInhibited }: Alert): number => {
    const at = severities.indexOf(labels.severity ?? '');
    return (at < 0 ? severities.length : at) + (isSilenced || isInhibited ? 10 : 0);
  };
  return [...alerts].sort((a, b) => rank(a) - rank(b) || (a.startsAt ?? '').localeCompare(b.startsAt ?? ''));
}

/** Of alerts that come from a query for all of them, those that Alertmanager would give for the filter. */
export function matching(alerts: readonly Alert[], { matcher }: AlertFilter): readonly Alert[] {
  const [, label = '', operator, quoted = '""'] = /^(\w+)(=~?)(".*")$/s.exec(matcher) ?? [];
  const wanted: unknown = JSON.parse(quoted);
  if (typeof wanted !== 'string') return [];
  const fits = operator === '=~' ? new RegExp(`^(?:${wanted})$`) : undefined;
  return alerts.filter(({ labels }) => {
    const value = labels[label];
    return value !== undefined && (fits === undefined ? value === wanted : fits.test(value));
  });
}
