import {
  booleanOf,
  entriesOf,
  invalid,
  listOf,
  oneOf,
  optional,
  type Place,
  textOf,
  wholeOf,
} from '../../../../kit/config-values.ts';
import { ConfigError, reasonOf, SourceError } from '../../../../kit/errors.ts';
import type { ServerTrust } from '../../../../kit/http/send-request.ts';
import { durationOf, readSecret, secretFileOf, serverUrlOf } from '../../../../kit/server-fields.ts';
import { type LifecycleState, lifecycleStates } from '../../model/state.ts';
import type { ObserveContext } from '../../observation.ts';
import type { JsonFields } from '../json-value.ts';
import { createObservedItems, type ObservedItems } from '../observed-items.ts';
import { matcherOf } from '../source-fields.ts';
import { defineSourceType, type ReadDeps, type SourceDeps } from '../source-type.ts';
import { addCables } from './cables-to-items.ts';
import { addDevices, addVirtualMachines } from './devices-to-items.ts';
import { type ListName, listNames, listSpecs, type NetBoxObjects, type Skippable, skippable } from './lists.ts';
import { createNetBoxClient, type NetBoxClient, type NetBoxServer } from './netbox-client.ts';
import { deviceClasses, type NetBoxMapping } from './netbox-fields.ts';
import { addGpus, addInterfaces, addIpAddresses, addPowerFeeds } from './parts-to-items.ts';
import { addPlaces } from './places-to-items.ts';

const defaultMaxObjects = 500_000;
const states = Object.keys(lifecycleStates) as readonly LifecycleState[];

interface NetBoxConfig {
  readonly server: NetBoxServer;
  readonly tokenFile: string;
  readonly mapping: NetBoxMapping;
  readonly skip: ReadonlySet<Skippable>;
  readonly maxObjects: number;
}

export const netbox = defineSourceType<NetBoxConfig>({
  type: 'netbox',
  about: 'Sites, racks, devices, cables, power and tenants, from the REST API of NetBox 3.7 and 4.',
  keys: [
    'url',
    'token_file',
    'ca_file',
    'certificate_sha256',
    'insecure_skip_verify',
    'page_size',
    'timeout',
    'max_objects',
    'roles',
    'states',
    'custom_fields',
    'skip',
    'system',
  ],
  read: (field, deps) => ({
    server: {
      url: serverUrlOf(field('url')),
      trust: trustOf(field, deps),
      pageSize: optional(field('page_size'), (place) => wholeOf(place, { min: 1, max: 1000 })) ?? 500,
      timeoutSeconds: optional(field('timeout'), durationOf) ?? 60,
    },
    tokenFile: secretFileOf(field('token_file'), deps),
    mapping: {
      system: optional(field('system'), systemOf) ?? 'netbox',
      roles: optional(field('roles'), rolesOf) ?? [],
      states: optional(field('states'), statesOf) ?? new Map(),
      customFields: listOf(field('custom_fields'), 100).map(textOf),
    },
    skip: new Set(listOf(field('skip'), skippable.length).map((place) => oneOf(place, skippable))),
    maxObjects:
      optional(field('max_objects'), (place) => wholeOf(place, { min: 1, max: 5_000_000 })) ?? defaultMaxObjects,
  }),
  create: (name, config, deps) => ({
    name,
    type: 'netbox',
    observe: (context) => observe(config, deps, context),
  }),
});

async function observe(
  { server, tokenFile, mapping, skip, maxObjects }: NetBoxConfig,
  deps: SourceDeps,
  context: ObserveContext,
) {
  const items = createObservedItems();
  const client = createNetBoxClient(server, {
    token: () => readSecret(tokenFile, deps.readFile),
    signal: context.signal,
  });
  const { objects, isComplete } = await readLists(client, { skip, maxObjects }, items, context);
  addPlaces(objects, mapping, items);
  const devices = addDevices(objects, mapping, items);
  addVirtualMachines(objects, mapping, items);
  const parts = { devices, mapping, items };
  addInterfaces(objects, parts);
  addPowerFeeds(objects, parts);
  addGpus(objects, parts);
  addIpAddresses(objects, parts);
  addCables(objects, devices, items);
  if (items.size === 0)
    throw new SourceError(
      `${server.url.origin}: NetBox shows nothing; the user of the token may not be allowed to view anything`,
    );
  return items.observation(isComplete);
}

async function readLists(
  client: NetBoxClient,
  { skip, maxObjects }: Pick<NetBoxConfig, 'skip' | 'maxObjects'>,
  items: ObservedItems,
  { onProgress }: ObserveContext,
): Promise<{ objects: NetBoxObjects; isComplete: boolean }> {
  const found = new Map<ListName, readonly JsonFields[]>();
  let isComplete = true;
  let left = maxObjects;
  for (const [index, name] of listNames.entries()) {
    onProgress(index, listNames.length);
    const { path, group, params } = listSpecs[name];
    if (group !== undefined && skip.has(group)) continue;
    const listing = await client.list(path, { maxObjects: left, params });
    if (listing === undefined) {
      if (name === 'devices') throw new SourceError(`${path} is not there; is this the address of NetBox?`);
      continue;
    }
    found.set(name, listing.objects);
    left -= listing.objects.length;
    if (listing.isComplete) continue;
    isComplete = false;
    items.problem(path, 'objects came or went while they were read; the next look will tell');
  }
  return { objects: objectsIn(found), isComplete };
}

function objectsIn(found: ReadonlyMap<ListName, readonly JsonFields[]>): NetBoxObjects {
  const of = (name: ListName): readonly JsonFields[] => found.get(name) ?? [];
  return {
    tenants: of('tenants'),
    sites: of('sites'),
    locations: of('locations'),
    racks: of('racks'),
    clusters: of('clusters'),
    devices: of('devices'),
    virtualMachines: of('virtualMachines'),
    interfaces: of('interfaces'),
    ipAddresses: of('ipAddresses'),
    inventoryItems: of('inventoryItems'),
    modules: of('modules'),
    powerPanels: of('powerPanels'),
    powerFeeds: of('powerFeeds'),
    powerPorts: of('powerPorts'),
    powerOutlets: of('powerOutlets'),
    cables: of('cables'),
  };
}

function trustOf(field: (key: string) => Place, { readFile }: ReadDeps): ServerTrust {
  return {
    ca: optional(field('ca_file'), (place) => {
      try {
        return readFile(textOf(place));
      } catch (error) {
        throw new ConfigError(`${place.where}: the file ${textOf(place)} cannot be read: ${reasonOf(error)}`);
      }
    }),
    fingerprint: optional(field('certificate_sha256'), (place) => {
      const text = textOf(place);
      if (!/^([0-9a-f]{2}:?){32}$/i.test(text)) throw invalid(place, 'a SHA-256 of 64 hexadecimal digits');
      return text;
    }),
    isBlind: optional(field('insecure_skip_verify'), booleanOf),
  };
}

/** `pattern: class`, by the slug of the role. The first that matches counts. */
function rolesOf(place: Place): NetBoxMapping['roles'] {
  return entriesOf(place, 200).map(([pattern, value]) => ({
    matches: matcherOf([pattern]),
    class: oneOf({ value, where: `${place.where}.${pattern}` }, deviceClasses),
  }));
}

function statesOf(place: Place): NetBoxMapping['states'] {
  const entries = entriesOf(place, 50).map(
    ([status, value]) => [status, oneOf({ value, where: `${place.where}.${status}` }, states)] as const,
  );
  return new Map(entries);
}

function systemOf(place: Place): string {
  const text = textOf(place);
  if (!/^[a-z][a-z0-9-]{0,30}$/.test(text)) throw invalid(place, 'a short word in lower case such as netbox-eu');
  return text;
}
