import type { InstantSample, Labels } from '../../../../kit/prometheus-api.ts';
import type { Identity } from '../../model/item.ts';
import { cleanText } from '../clean-text.ts';
import { joinCluster, placeInRack } from '../joint-items.ts';
import type { ObservedItems } from '../observed-items.ts';
import { machineIdentities, shortHost } from '../part-identity.ts';

export interface MachineLabels {
  readonly node: string;
  readonly cluster: string;
  readonly rack: string;
  /** Cluster of series without that label. */
  readonly defaultCluster: string | undefined;
}

/** A machine as the labels of a series tell it. */
export interface Machine {
  /** Of its item. */
  readonly key: string;
  /** Under which its parts are placed. */
  readonly host: string;
}

export interface Machines {
  /** Finds the machine of a series and adds it; undefined if the labels tell none. `hostname` is what the exporter says itself. */
  readonly of: (labels: Labels, hostname?: string) => Machine | undefined;
}

/** `named` are the series of node_uname_info, which know the host name where targets are scraped by address. */
export function createMachines(named: readonly InstantSample[], names: MachineLabels, items: ObservedItems): Machines {
  const nodeNames = new Map<string, string>();
  const idsByName = new Map<string, string>();
  for (const { labels } of named) {
    const nodeName = cleanText(labels['nodename']);
    const id = idOf(labels, names);
    if (nodeName === undefined || id === undefined) continue;
    nodeNames.set(id, nodeName);
    idsByName.set(inCluster(labels, names, nodeName), id);
  }

  function addMachine(id: string, labels: Labels, hostname: string | undefined): Machine {
    const node = cleanText(labels[names.node]);
    const nodeName = nodeNames.get(id) ?? hostname;
    const scraped = hostOfInstance(labels['instance']);
    const cluster = clusterOf(labels, names);
    const key = items.add({
      key: `server:${id}`,
      class: 'server',
      name: node ?? nodeName ?? scraped,
      identities: [
        machineIdentities(nodeName),
        machineIdentities(node),
        scrapedIdentities(scraped, node !== undefined || nodeName !== undefined),
      ],
      attributes: { node, cluster },
    });
    joinCluster(items, key, cluster);
    placeInRack(items, key, cleanText(labels[names.rack]));
    return { key, host: shortHost(nodeName ?? node ?? scraped ?? id) };
  }

  const known = new Map<string, Machine>();
  return {
    of: (labels, hostname) => {
      const id = idFor(labels, names, hostname === undefined ? undefined : { hostname, idsByName });
      if (id === undefined) return undefined;
      const told = [id, labels[names.node], labels['instance'], labels[names.rack], hostname].join('\n');
      const machine = known.get(told) ?? addMachine(id, labels, hostname);
      known.set(told, machine);
      return machine;
    },
  };
}

/** Where there is no label for the node, a host name that the exporter gives is surer than where it is scraped. */
function idFor(
  labels: Labels,
  names: MachineLabels,
  own: { readonly hostname: string; readonly idsByName: ReadonlyMap<string, string> } | undefined,
): string | undefined {
  if (own === undefined || cleanText(labels[names.node]) !== undefined) return idOf(labels, names);
  const id = inCluster(labels, names, own.hostname);
  return own.idsByName.get(id) ?? id;
}

/** A target is often scraped by the name of a container or a proxy, so that name counts only where there is no better one. */
function scrapedIdentities(host: string | undefined, hasBetter: boolean): readonly Identity[] {
  return machineIdentities(host).filter(({ kind }) => kind === 'ip' || !hasBetter);
}

function idOf(labels: Labels, names: MachineLabels): string | undefined {
  const name = cleanText(labels[names.node]) ?? hostOfInstance(labels['instance']);
  return name === undefined ? undefined : inCluster(labels, names, name);
}

function inCluster(labels: Labels, names: MachineLabels, name: string): string {
  const cluster = clusterOf(labels, names);
  return `${cluster === undefined ? '' : `${cluster}/`}${name}`.toLowerCase();
}

function clusterOf(labels: Labels, { cluster, defaultCluster }: MachineLabels): string | undefined {
  return cleanText(labels[cluster]) ?? defaultCluster;
}

/** `gpu-01:9100`, `10.0.0.1:9100`, `[fe00::1]:9100` without the port. */
export function hostOfInstance(instance: string | undefined): string | undefined {
  const host = cleanText(instance)
    ?.replace(/^https?:\/\//, '')
    .replace(/\/.*$/, '')
    .replace(/:\d+$/, '')
    .replace(/^\[(.*)\]$/, '$1');
  return host === undefined || host === '' || host === 'localhost' ? undefined : host;
}
