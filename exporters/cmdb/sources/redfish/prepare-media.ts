import { type HardwareAction, HardwareRefusal } from '../../hardware/hardware-control.ts';
import { createLook } from './look.ts';
import { type PreparedAction, readHost } from './prepare-power.ts';
import type { RequestContext } from './redfish-client.ts';
import { booleanOf, idOf, linkOf, partOf, powerStateOf, type Resource, textOf, textsOf } from './resource.ts';
import type { Station } from './station.ts';

type MediaRequest = Exclude<HardwareAction, { kind: 'power' }>;

const maxCharacters = 1000;

export async function prepareMedia(
  node: string,
  station: Station,
  action: MediaRequest,
  signal: AbortSignal,
): Promise<PreparedAction> {
  const context = { signal, isUrgent: true };
  const image = action.kind === 'insert_media' ? checkedImage(action.image) : undefined;
  const system = await readHost(node, station, context);
  const drives = await readDrives(station, system, context);
  const drive = choose(node, drives, action);
  const name = action.kind === 'insert_media' ? '#VirtualMedia.InsertMedia' : '#VirtualMedia.EjectMedia';
  const path = textOf(partOf(drive, 'Actions', name), 'target');
  if (path === undefined)
    throw new HardwareRefusal('invalid', `${node}: ${idShown(drive)} does not offer ${name.slice(1)}`);
  const body: Record<string, string | boolean> =
    image === undefined ? {} : { Image: image.href, Inserted: true, WriteProtected: true };
  const wanted = image !== undefined;
  return {
    plan: {
      node,
      bmc: station.target.name,
      action: image === undefined ? action : { kind: 'insert_media', image: shownImage(image), media: action.media },
      request: { method: 'POST', path, body: image === undefined ? {} : { ...body, Image: shownImage(image) } },
      currentPowerState: powerStateOf(system),
      warnings: warningsOf(drive, wanted),
    },
    path,
    body,
    look: async (later) => ({
      resource: await station.client.get(idOf(drive) ?? '', later),
      powerState: powerStateOf(system),
    }),
    watch: () => (resource) => isInserted(resource) === wanted,
    whatFor: wanted ? 'the image' : 'the empty drive',
    whenDone: wanted ? `${idShown(drive)} holds the image` : `${idShown(drive)} is empty`,
  };
}

/** Throws HardwareRefusal. The address is never repeated: it may hold a secret. */
function checkedImage(text: string): URL {
  const refuse = (why: string): HardwareRefusal => new HardwareRefusal('invalid', `image ${why}`);
  if (text.length > maxCharacters || /[\p{C}\s]/u.test(text) || !URL.canParse(text))
    throw refuse('must be an address such as https://images.example/rescue.iso');
  const url = new URL(text);
  if (!/^(https?|nfs):$/.test(url.protocol)) throw refuse('must begin with http://, https:// or nfs://');
  if (url.hostname === '') throw refuse('must name a host');
  if (url.username !== '' || url.password !== '')
    throw refuse('must not hold a user or password: the controller would show them to everybody');
  return url;
}

/** A query may be a signature that lets whoever has it in. */
function shownImage(url: URL): string {
  return `${url.protocol}//${url.host}${url.pathname}${url.search === '' ? '' : '?…'}`;
}

/** Virtual drives belong to the controller, or in newer models to the system. */
async function readDrives(station: Station, system: Resource, context: RequestContext): Promise<readonly Resource[]> {
  const { layout, abilities } = await station.ground(context.signal);
  const look = createLook({
    client: station.client,
    name: station.target.name,
    signal: context.signal,
    isUrgent: true,
    isKept: false,
    canExpand: abilities.canExpand,
  });
  const ofSystem = await look.members(linkOf(system, 'VirtualMedia'));
  return ofSystem.length > 0 ? ofSystem : look.members(linkOf(layout.manager ?? {}, 'VirtualMedia'));
}

function choose(node: string, drives: readonly Resource[], action: MediaRequest): Resource {
  if (drives.length === 0) throw new HardwareRefusal('invalid', `${node}: its controller has no virtual drive`);
  if (action.media !== undefined) {
    const named = drives.find((drive) => textOf(drive, 'Id') === action.media);
    if (named !== undefined) return named;
    throw new HardwareRefusal(
      'invalid',
      `${node}: has the virtual drives ${drives.map(idShown).join(', ')}; choose one`,
    );
  }
  const discs = drives.filter((drive) => textsOf(drive, 'MediaTypes').some((type) => /^(CD|DVD)$/i.test(type)));
  const candidates = discs.length > 0 ? discs : drives;
  const wanted = action.kind === 'eject_media';
  const found = candidates.find((drive) => isInserted(drive) === wanted) ?? candidates[0];
  if (found === undefined) throw new HardwareRefusal('invalid', `${node}: its controller has no virtual drive`);
  return found;
}

function isInserted(drive: Resource): boolean {
  return booleanOf(drive, 'Inserted') ?? textOf(drive, 'Image') !== undefined;
}

function idShown(drive: Resource): string {
  return textOf(drive, 'Id', 'Name') ?? 'the drive';
}

function warningsOf(drive: Resource, isInsert: boolean): readonly string[] {
  if (isInsert && isInserted(drive))
    return [`${idShown(drive)} holds an image already; most controllers refuse a second one.`];
  if (!isInsert && !isInserted(drive)) return [`${idShown(drive)} is empty already.`];
  return isInsert ? ['The controller itself fetches the image: its network must reach that address.'] : [];
}
