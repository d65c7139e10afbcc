import type { InstantSample } from '../../../../kit/prometheus-api.ts';
import { macIdentity, serialIdentity, uuidIdentity } from '../../model/identity.ts';
import { cleanText } from '../clean-text.ts';
import { installOs } from '../joint-items.ts';
import type { ObservedItems } from '../observed-items.ts';
import { nicIdentities } from '../part-identity.ts';
import { isVirtualInterface } from '../virtual-device.ts';
import { hostOfInstance, type Machine, type Machines } from './machines.ts';

type Samples = readonly InstantSample[];

interface NodeSamples {
  readonly machines: Samples;
  readonly firmware: Samples;
  readonly systems: Samples;
  readonly memory: Samples;
  readonly cpus: Samples;
  readonly interfaces: Samples;
  readonly adapters: Samples;
}

/** What node_exporter tells of machines. Returns the keys of those that it tells of. */
export function addNodeFacts(samples: NodeSamples, machines: Machines, items: ObservedItems): ReadonlySet<string> {
  for (const { labels } of samples.machines) {
    addAttributes(items, machines.of(labels), {
      kernel: labels['release'],
      architecture: labels['machine'],
      address: hostOfInstance(labels['instance']),
    });
  }
  for (const sample of samples.firmware) addFirmware(sample, machines, items);
  for (const sample of samples.systems) addSystem(sample, machines, items);
  for (const { labels, value } of samples.memory) addAttributes(items, machines.of(labels), { memory_bytes: value });
  for (const { labels, value } of samples.cpus) addAttributes(items, machines.of(labels), { cpu_count: value });
  for (const sample of samples.interfaces) addInterface(sample, machines, items);
  for (const sample of samples.adapters) addAdapter(sample, machines, items);
  return new Set(samples.machines.flatMap(({ labels }) => machines.of(labels)?.key ?? []));
}

function addSystem({ labels }: InstantSample, machines: Machines, items: ObservedItems): void {
  const machine = machines.of(labels);
  const name = cleanText(labels['pretty_name']) ?? cleanText(`${labels['id'] ?? ''} ${labels['version_id'] ?? ''}`);
  if (machine === undefined || name === undefined) return;
  addAttributes(items, machine, { os: name });
  installOs(items, machine.key, name);
}

function addAttributes(
  items: ObservedItems,
  machine: Machine | undefined,
  attributes: Readonly<Record<string, string | number | undefined>>,
): void {
  if (machine !== undefined) items.add({ key: machine.key, class: 'server', attributes });
}

function addFirmware({ labels }: InstantSample, machines: Machines, items: ObservedItems): void {
  const machine = machines.of(labels);
  if (machine === undefined) return;
  const vendor = cleanText(labels['system_vendor']);
  const model = cleanText(labels['product_name']);
  items.add({
    key: machine.key,
    class: 'server',
    identities: [serialIdentity(labels['product_serial'], vendor), uuidIdentity(labels['product_uuid'])],
    attributes: {
      vendor,
      model,
      serial: labels['product_serial'],
      uuid: labels['product_uuid']?.toLowerCase(),
      bios_version: labels['bios_version'],
      asset_tag: isWritten(labels['chassis_asset_tag']) ? labels['chassis_asset_tag'] : undefined,
      ...(isHypervisor(vendor, model) ? { virtual: true } : {}),
    },
  });
}

/** Firmware often says that nobody wrote one. */
function isWritten(tag: string | undefined): boolean {
  return tag !== undefined && !/asset|o\.e\.m|none|unknown|default|not /i.test(tag);
}

function isHypervisor(vendor: string | undefined, model: string | undefined): boolean {
  return (
    /^(qemu|vmware|xen|innotek|bochs|google$|amazon ec2|openstack|red hat)/i.test(vendor ?? '') ||
    /virtual|^kvm$/i.test(model ?? '')
  );
}

function addInterface({ labels }: InstantSample, machines: Machines, items: ObservedItems): void {
  const device = cleanText(labels['device']);
  const machine = machines.of(labels);
  if (device === undefined || machine === undefined || isVirtualInterface(device)) return;
  addNic(machine, device, { mac: labels['address'], description: labels['ifalias'] }, items);
}

function addAdapter({ labels }: InstantSample, machines: Machines, items: ObservedItems): void {
  const device = cleanText(labels['device']);
  const machine = machines.of(labels);
  if (device === undefined || machine === undefined) return;
  const attributes = {
    model: labels['hca_type'],
    part_number: labels['board_id'],
    firmware_version: labels['firmware_version'],
  };
  addNic(machine, device, attributes, items);
}

function addNic(
  { key, host }: Machine,
  device: string,
  attributes: Readonly<Record<string, string | undefined>>,
  items: ObservedItems,
): void {
  // The addresses of InfiniBand have 20 bytes, and the last of them tell the port alone.
  const mac = macIdentity(attributes['mac'])?.value;
  const nic = items.add({
    key: `nic:${key.replace(/^server:/, '')}/${device}`,
    class: 'nic',
    name: `${host} ${device}`,
    ...nicIdentities(host, device, mac),
    attributes: { ...attributes, mac, interface: device },
    scope: key,
  });
  items.relate(nic, 'installed_on', key);
}
