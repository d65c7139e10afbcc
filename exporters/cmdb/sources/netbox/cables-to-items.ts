import { type JsonFields, listIn, textIn } from '../json-value.ts';
import type { ObservedItems } from '../observed-items.ts';
import type { Devices } from './devices-to-items.ts';
import type { NetBoxObjects } from './lists.ts';
import { choiceIn, idIn, keyOf } from './netbox-fields.ts';

/** Something that a cable can be put into. */
interface End {
  readonly type: string;
  readonly id: number;
}

interface Wiring {
  /** Device by the number of its power port or outlet. */
  readonly powerPorts: ReadonlyMap<number, string>;
  readonly powerOutlets: ReadonlyMap<number, string>;
  readonly interfaces: ReadonlySet<string>;
  readonly ports: ReadonlySet<string>;
}

/**
 * Relations of cables. What is connected in the end is told by the ends themselves, through patch panels too; cables add what is plugged in
 * directly, which is all that versions before 3.3 tell here.
 */
export function addCables(objects: NetBoxObjects, devices: Devices, items: ObservedItems): void {
  const wiring: Wiring = {
    powerPorts: devicesBy(objects.powerPorts, devices),
    powerOutlets: devicesBy(objects.powerOutlets, devices),
    interfaces: new Set(objects.interfaces.flatMap((each) => keyOf('dcim.interface', idIn(each)) ?? [])),
    ports: new Set(
      objects.interfaces
        .filter((each) => isPort(each, devices))
        .flatMap((each) => keyOf('dcim.interface', idIn(each)) ?? []),
    ),
  };
  for (const object of objects.interfaces)
    connectEnds([{ type: 'dcim.interface', id: idIn(object) ?? 0 }], endpointsOf(object), wiring, items);
  for (const object of objects.powerPorts)
    connectEnds([{ type: 'dcim.powerport', id: idIn(object) ?? 0 }], endpointsOf(object), wiring, items);
  for (const cable of objects.cables) {
    if (['planned', 'decommissioning'].includes(choiceIn(cable, 'status') ?? '')) continue;
    connectEnds(terminations(cable, 'a'), terminations(cable, 'b'), wiring, items);
  }
}

function connectEnds(ones: readonly End[], others: readonly End[], wiring: Wiring, items: ObservedItems): void {
  for (const one of ones) {
    for (const other of others) {
      power(one, other, wiring, items);
      power(other, one, wiring, items);
      connect(one, other, wiring, items);
    }
  }
}

/** From the side that takes power to the side that gives it. */
function power(taker: End, giver: End, { powerPorts, powerOutlets }: Wiring, items: ObservedItems): void {
  const device = taker.type === 'dcim.powerport' ? powerPorts.get(taker.id) : undefined;
  if (device === undefined) return;
  if (giver.type === 'dcim.poweroutlet') items.relate(device, 'powered_by', powerOutlets.get(giver.id));
  if (giver.type === 'dcim.powerfeed') items.relate(device, 'powered_by', keyOf(giver.type, giver.id));
}

/** From the server to the switch, and otherwise from the lower number, so that a cable is one relation. */
function connect(one: End, other: End, { interfaces, ports }: Wiring, items: ObservedItems): void {
  const keys = [one, other].flatMap(({ type, id }) => keyOf(type, id) ?? []).filter((key) => interfaces.has(key));
  const [first, second] = keys.sort((a, b) => Number(ports.has(a)) - Number(ports.has(b)) || numberOf(a) - numberOf(b));
  if (first !== undefined && second !== undefined) items.relate(first, 'connected_to', second);
}

function numberOf(key: string): number {
  return Number(key.slice(key.indexOf(':') + 1));
}

/** `a_terminations` since 3.3, each with its own type; `termination_a_type` and `termination_a_id` before. */
function terminations(cable: JsonFields, side: 'a' | 'b'): readonly End[] {
  const single = endOf(textIn(cable, `termination_${side}_type`), idIn(cable, `termination_${side}_id`));
  if (single !== undefined) return [single];
  return listIn(cable[`${side}_terminations`]).flatMap(
    (termination) => endOf(textIn(termination, 'object_type'), idIn(termination, 'object_id')) ?? [],
  );
}

/** `connected_endpoints` since 3.3, a list of one type; `connected_endpoint` before. */
function endpointsOf(object: JsonFields): readonly End[] {
  const type = textIn(object, 'connected_endpoints_type') ?? textIn(object, 'connected_endpoint_type');
  const endpoints = listIn(object['connected_endpoints'] ?? object['connected_endpoint']);
  return endpoints.flatMap((endpoint) => endOf(type, idIn(endpoint)) ?? []);
}

function endOf(type: string | undefined, id: number | undefined): End | undefined {
  return type === undefined || id === undefined ? undefined : { type, id };
}

function devicesBy(parts: readonly JsonFields[], devices: Devices): ReadonlyMap<number, string> {
  return new Map(
    parts.flatMap((part) => {
      const device = devices.get(idIn(part, 'device') ?? 0);
      const id = idIn(part);
      return device === undefined || id === undefined ? [] : [[id, device.key] as const];
    }),
  );
}

function isPort(object: JsonFields, devices: Devices): boolean {
  return devices.get(idIn(object, 'device') ?? 0)?.class === 'switch';
}
