import { ApiError, badField, notFound } from '../../../../kit/api/api-error.ts';
import { type Answer, type Caller, jsonBody, type Route, routeOf } from '../../../../kit/api/route.ts';
import { text } from '../../../../kit/api/schemas.ts';
import {
  type HardwareAction,
  type HardwareControl,
  isPowerAction,
  powerActions,
} from '../../hardware/hardware-control.ts';
import type { Item } from '../../model/item.ts';
import { nodeOf } from '../../place/node-of.ts';
import { writeItems } from '../../store/write-items.ts';
import { idParameter, itemIn } from '../inventory-at.ts';
import type { CmdbServices } from '../services.ts';
import { time } from '../views.ts';

type HardwareServices = Pick<CmdbServices, 'store' | 'hardware' | 'log'>;

interface PowerBody {
  readonly action: string;
  readonly token?: string;
}

interface MediaBody {
  readonly action: 'insert' | 'eject';
  readonly image?: string;
  readonly media?: string;
  readonly token?: string;
}

const route = routeOf<HardwareServices>();
const tag = 'Hardware';
const token = text(500, 'Token of the plan. Without it the plan is made and nothing is done.');
const about =
  'Two steps: without `token` it tells what would be sent and gives a token that confirms exactly that, once, for a few minutes; with the token it is done. Both are in the history of the item.';
const answers = { 200: { about: 'The plan with its token, or the outcome.', schema: { type: 'object' } } };

export const hardwareRoutes: readonly Route<HardwareServices>[] = [
  route({
    method: 'post',
    path: '/api/v1/hardware/{id}/power',
    tag,
    id: 'power',
    access: 'admin',
    summary: 'Switches a server on or off, or starts it anew, through its management controller.',
    about,
    parameters: { id: idParameter },
    body: jsonBody<PowerBody>({
      about: Object.entries(powerActions)
        .map(([name, spec]) => `${name}: ${spec.about}`)
        .join(' '),
      schema: {
        type: 'object',
        required: ['action'],
        additionalProperties: false,
        properties: { action: { type: 'string', enum: Object.keys(powerActions) }, token },
      },
      example: { action: 'cycle' },
    }),
    answers,
    handle: ({ parameters, body, caller, signal }, services) => {
      if (!isPowerAction(body.action)) throw badField('action', 'there is no such action');
      return act(
        { id: parameters.id, action: { kind: 'power', action: body.action }, token: body.token },
        { caller, signal },
        services,
      );
    },
  }),
  route({
    method: 'post',
    path: '/api/v1/hardware/{id}/virtual-media',
    tag,
    id: 'virtualMedia',
    access: 'admin',
    summary: 'Inserts an image into the virtual drive of a server, or takes it out.',
    about,
    parameters: { id: idParameter },
    body: jsonBody<MediaBody>({
      about: 'To insert, the address of the image; `media` is the id of the drive, the first that fits without it.',
      schema: {
        type: 'object',
        required: ['action'],
        additionalProperties: false,
        properties: {
          action: { type: 'string', enum: ['insert', 'eject'] },
          image: text(2000),
          media: text(200),
          token,
        },
      },
      example: { action: 'insert', image: 'https://images.example/rescue.iso' },
    }),
    answers,
    handle: ({ parameters, body, caller, signal }, services) => {
      const { media, image } = body;
      if (body.action === 'insert' && image === undefined)
        throw badField('image', 'it is missing; give the address of the image');
      const action: HardwareAction =
        body.action === 'insert' ? { kind: 'insert_media', image: image ?? '', media } : { kind: 'eject_media', media };
      return act({ id: parameters.id, action, token: body.token }, { caller, signal }, services);
    },
  }),
];

interface Ask {
  readonly id: number;
  readonly action: HardwareAction;
  readonly token: string | undefined;
}

async function act(
  { id, action, token: given }: Ask,
  { caller, signal }: { readonly caller: Caller; readonly signal: AbortSignal },
  services: HardwareServices,
): Promise<Answer> {
  const { store, hardware, log } = services;
  const item = itemIn(store.inventory, id);
  if (hardware === undefined)
    throw new ApiError('unavailable', 'no source of the configuration reaches management controllers');
  const node = hardwareNodeOf(item, services, hardware);
  if (given === undefined) {
    const { plan, token: issued, expiresAt } = await hardware.plan(node, action, signal);
    return { json: { plan, token: issued, expires_at: time(expiresAt) } };
  }
  const what = wordsOf(action);
  // Written before it is done: whatever happens then, it is known who wanted it.
  await record(store, item.id, caller, `${what}: asked for`);
  log.warn('hardware action', { node, action: what, actor: caller.name });
  try {
    // Once it is sent it is not taken back because whoever asked has gone.
    const result = await hardware.execute(node, action, given, new AbortController().signal);
    await record(
      store,
      item.id,
      caller,
      `${what}: ${result.outcome}${result.detail === '' ? '' : `, ${result.detail}`}`,
    );
    return {
      json: {
        plan: result.plan,
        outcome: result.outcome,
        detail: result.detail,
        power_state: result.powerState,
        duration_seconds: result.durationSeconds,
      },
    };
  } catch (error) {
    await record(
      store,
      item.id,
      caller,
      `${what}: not done, ${error instanceof Error ? error.message : String(error)}`,
    );
    throw error;
  }
}

function hardwareNodeOf(item: Item, { store }: HardwareServices, hardware: HardwareControl): string {
  const names = [
    nodeOf(store.inventory, item.id),
    item.name,
    ...item.identities.filter(({ kind }) => kind !== 'external').map(({ value }) => value),
    item.attributes['address'],
  ];
  const known = new Map(hardware.nodes().map((node) => [node.toLowerCase(), node]));
  const node = names
    .map((name) => (typeof name === 'string' ? known.get(name.toLowerCase()) : undefined))
    .find((each) => each !== undefined);
  if (node === undefined) throw notFound(`no management controller of item ${item.id} (${item.name}) is known`);
  return node;
}

function wordsOf(action: HardwareAction): string {
  if (action.kind === 'power') return `power ${action.action}`;
  return action.kind === 'insert_media' ? 'insert virtual media' : 'eject virtual media';
}

/** An entry of the history that leaves the item as it is. */
async function record(store: CmdbServices['store'], id: number, caller: Caller, message: string): Promise<void> {
  await store.write({ actor: caller.name, message: message.slice(0, 1000) }, async (writing) => {
    const item = writing.inventory.item(id);
    if (item !== undefined) await writeItems([{ before: item, after: item, opened: [], closed: [] }], writing);
  });
}
