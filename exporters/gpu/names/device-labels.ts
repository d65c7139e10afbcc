import { renderLabels } from '../../../kit/exposition/samples.ts';
import type { DriverVersions, Identity, MigInstance } from '../reading.ts';
import type { DcgmLabel } from './dcgm-fields.ts';
import type { HolderLabels } from './holders.ts';
import { type DcgmSet, dcgmSets } from './name-sets.ts';

/** Label of dcgm-4.8 for the name of the machine; dcgm-4.9 always has hostname. */
export type HostnameLabel = 'Hostname' | 'hostname' | 'none';

/** What labels are made of that are the same for every device of the node. */
export interface NodeLabels {
  readonly hostname: string;
  readonly hostnameLabel: HostnameLabel;
  /** By set. */
  readonly fields: Readonly<Record<DcgmSet, readonly DcgmLabel[]>>;
}

/** Whom a series is about. */
export interface LabelledDevice {
  readonly index: number;
  readonly uuid: string;
  readonly identity: Identity;
  readonly instance: Pick<MigInstance, 'gpuInstanceId' | 'profile'> | undefined;
  readonly holder: HolderLabels;
}

type Labels = Readonly<Record<string, string>>;

/**
 * The labels of a device as dcgm-exporter has them, in its order. A label that does not apply is left out. A name that both sets
 * have is one series with the labels of both, so that no sum counts it twice.
 */
export function deviceLabels(
  node: NodeLabels,
  sets: readonly DcgmSet[],
  device: LabelledDevice,
  versions: DriverVersions,
): Labels {
  return {
    ...ofDevice(device),
    ...Object.fromEntries(sets.flatMap((set) => hostnameEntry(node, set))),
    ...Object.fromEntries(sets.flatMap((set) => fieldEntries(node, set, device.identity, versions))),
    ...device.holder,
  };
}

/** Without the labels that are empty. */
export function renderPresent(labels: Labels): string {
  return renderLabels(
    Object.keys(labels).filter((name) => labels[name] !== ''),
    labels,
  );
}

function ofDevice({ index, uuid, identity, instance }: LabelledDevice): Labels {
  return {
    gpu: String(index),
    UUID: uuid,
    pci_bus_id: identity.pciBusId ?? '',
    device: `nvidia${identity.minor ?? index}`,
    modelName: identity.model ?? '',
    GPU_I_PROFILE: gpuInstanceProfile(instance?.profile ?? ''),
    GPU_I_ID: instance === undefined ? '' : String(instance.gpuInstanceId),
  };
}

/** The profile of a part of a GPU instance begins with its compute slices: 1c.3g.40gb is in a 3g.40gb. */
function gpuInstanceProfile(profile: string): string {
  return profile.replace(/^\d+c\./, '');
}

function hostnameEntry({ hostname, hostnameLabel }: NodeLabels, set: DcgmSet): readonly (readonly [string, string])[] {
  const label = set === 'dcgm-4.8' ? hostnameLabel : 'hostname';
  return label === 'none' ? [] : [[label, hostname]];
}

function fieldEntries(
  { fields }: NodeLabels,
  set: DcgmSet,
  identity: Identity,
  versions: DriverVersions,
): readonly (readonly [string, string])[] {
  return fields[set].map(({ names, read }) => [names[set] ?? '', read(identity, versions) ?? '']);
}

/** A key for each combination of sets. */
export function setsKey(sets: readonly DcgmSet[]): string {
  return dcgmSets.filter((set) => sets.includes(set)).join(' ');
}
