import { ApiError, badField, notFound } from '../../../../kit/api/api-error.ts';
import { type Answer, type Route, routeOf } from '../../../../kit/api/route.ts';
import type { Inventory } from '../../inventory/inventory.ts';
import { type MaintenanceWindow, windowState } from '../../maintenance/maintenance-window.ts';
import { holdsItem, membersOf } from '../../maintenance/members.ts';
import { silenceTargets } from '../../maintenance/silence-targets.ts';
import type { MaintenanceBook, WindowChange } from '../../store/maintenance-book.ts';
import type { CmdbServices } from '../services.ts';
import { time, type View } from '../views.ts';
import { editedWindow, windowBody, windowContent, windowEditBody } from '../window-body.ts';

export interface MaintenanceServices extends Pick<CmdbServices, 'store' | 'clock'> {
  readonly maintenance: MaintenanceBook;
  /** Told when a window is new or changed, so that its silences do not wait for the next turn. */
  readonly onWindowChanged: () => void;
}

const route = routeOf<MaintenanceServices>();
const tag = 'Maintenance';
const idParameter = {
  in: 'path',
  type: 'integer',
  min: 1,
  max: 2_147_483_647,
  about: 'Number of the window.',
} as const;
const ifMatch = {
  in: 'header',
  type: 'text',
  pattern: '^(?:(?:W/)?"\\d{1,10}"|\\*)$',
  form: 'the ETag of the window as you saw it, such as "7" with its quotes, or * for any',
  about: 'ETag of the window as it was seen, so that nobody overwrites what they have not seen; * for any.',
} as const;
const window = { about: 'The window. Its version is the ETag.', schema: { type: 'object' } } as const;

export const maintenanceRoutes: readonly Route<MaintenanceServices>[] = [
  route({
    method: 'get',
    path: '/api/v1/maintenance',
    tag,
    id: 'listMaintenance',
    access: 'reader',
    summary: 'Lists maintenance windows.',
    parameters: {
      state: {
        in: 'query',
        type: 'enum',
        values: ['current', 'all'],
        default: 'current',
        about: 'Scheduled and active ones by their start, or all, the newest first.',
      },
      item: { in: 'query', type: 'integer', min: 1, max: 2_147_483_647, about: 'Only those that hold this item now.' },
      before: { in: 'query', type: 'integer', min: 1, max: 2_147_483_647, about: 'With `all`: older than this one.' },
      limit: { in: 'query', type: 'integer', min: 1, max: 1000, default: 100, about: 'With `all`: how many.' },
    },
    answers: { 200: { about: 'The windows.', schema: { type: 'object' } } },
    handle: async ({ parameters: { state, item, before, limit } }, services) => {
      const { maintenance, store, clock } = services;
      const all = state === 'all' ? await maintenance.list({ before, limit }) : await maintenance.refresh();
      const wanted = all.filter(({ scope }) => item === undefined || holdsItem(store.inventory, scope, item));
      const last = all.at(-1);
      return {
        json: {
          windows: wanted.map((each) => windowView(each, clock.now())),
          next: state === 'all' && all.length === limit ? last?.id : undefined,
        },
      };
    },
  }),
  route({
    method: 'post',
    path: '/api/v1/maintenance',
    tag,
    id: 'createMaintenance',
    access: 'editor',
    summary: 'Announces a maintenance window.',
    about: 'Where an Alertmanager is configured, alerts of what is in it are silenced from its start to its end.',
    parameters: {},
    body: windowBody,
    answers: { 201: window },
    handle: async ({ body, caller }, services) => {
      const { maintenance, store, clock, onWindowChanged } = services;
      const content = windowContent(body, store.inventory, clock.now());
      const created = await maintenance.create(content, caller.name);
      onWindowChanged();
      return { ...answerOf(created, services), status: 201 };
    },
  }),
  route({
    method: 'get',
    path: '/api/v1/maintenance/{id}',
    tag,
    id: 'getMaintenance',
    access: 'reader',
    summary: 'Tells a maintenance window, with the nodes that it silences.',
    parameters: { id: idParameter },
    answers: { 200: window },
    handle: async ({ parameters: { id } }, services) => {
      const found = await services.maintenance.find(id);
      if (found === undefined) throw notFound(`there is no maintenance window ${id}`);
      return answerOf(found, services);
    },
  }),
  route({
    method: 'patch',
    path: '/api/v1/maintenance/{id}',
    tag,
    id: 'changeMaintenance',
    access: 'editor',
    summary: 'Extends or changes a maintenance window.',
    parameters: { id: idParameter, 'if-match': ifMatch },
    body: windowEditBody,
    answers: { 200: window },
    handle: async ({ parameters, body, caller }, services) => {
      const { store, clock } = services;
      return change(services, parameters, caller.name, (seen) =>
        editedWindow(stillThere(seen, clock.now()), body, store.inventory, clock.now()),
      );
    },
  }),
  route({
    method: 'delete',
    path: '/api/v1/maintenance/{id}',
    tag,
    id: 'cancelMaintenance',
    access: 'editor',
    summary: 'Ends a maintenance window now, or calls it off before its start.',
    about: 'Its silences end, too. The window stays in the list as cancelled.',
    parameters: { id: idParameter, 'if-match': ifMatch },
    answers: { 200: window },
    handle: async ({ parameters, caller }, services) => {
      const now = services.clock.now();
      return change(services, parameters, caller.name, (seen) => ({ ...stillThere(seen, now), cancelledAt: now }));
    },
  }),
];

async function change(
  services: MaintenanceServices,
  { id, 'if-match': header }: { readonly id: number; readonly 'if-match': string | undefined },
  actor: string,
  edit: (seen: MaintenanceWindow) => MaintenanceWindow,
): Promise<Answer> {
  const version = versionOf(header);
  const changed = await services.maintenance.change({ id, version, actor }, edit);
  const changedWindow = checked(changed, id, services);
  services.onWindowChanged();
  return answerOf(changedWindow, services);
}

function checked(changed: WindowChange, id: number, services: MaintenanceServices): MaintenanceWindow {
  if (changed.kind === 'missing') throw notFound(`there is no maintenance window ${id}`);
  if (changed.kind === 'changed') return changed.window;
  const message = `the window has version ${changed.window.version}; look at it as it is now and send the change again`;
  throw new ApiError('version_conflict', message, { window: windowView(changed.window, services.clock.now()) });
}

/** Throws an ApiError for what is over: its silences are gone, and who reads of it later should see it as it was. */
function stillThere(seen: MaintenanceWindow, now: number): MaintenanceWindow {
  const state = windowState(seen, now);
  if (state === 'scheduled' || state === 'active') return seen;
  throw new ApiError('conflict', `the window is ${state}; make a new one`);
}

/** Undefined for any. Throws an ApiError if nothing is said. */
function versionOf(header: string | undefined): number | undefined {
  if (header === undefined)
    throw new ApiError('version_missing', 'the header If-Match is missing: the ETag of the window as you saw it, or *');
  if (header === '*') return undefined;
  const version = Number(/\d+/.exec(header)?.[0]);
  if (Number.isSafeInteger(version)) return version;
  throw badField('if-match', 'must be the ETag of the window');
}

function answerOf(found: MaintenanceWindow, { store, clock }: MaintenanceServices): Answer {
  const view = { ...windowView(found, clock.now()), holds: membersView(store.inventory, found) };
  return { json: view, headers: { ETag: `"${found.version}"` } };
}

const maxShown = 500;

function windowView(each: MaintenanceWindow, now: number): View {
  const { id, title, scope, version } = each;
  return {
    id,
    title,
    state: windowState(each, now),
    scope: { items: scope.items, query: scope.query },
    starts_at: time(each.startsAt),
    ends_at: time(each.endsAt),
    created_by: each.createdBy,
    created_at: time(each.createdAt),
    changed_by: each.changedBy,
    changed_at: time(each.changedAt),
    cancelled_at: time(each.cancelledAt),
    version,
  };
}

function membersView(inventory: Inventory, { scope }: MaintenanceWindow): View {
  const members = membersOf(inventory, scope);
  const targets = silenceTargets(inventory, members);
  return {
    items: members.size,
    silenced: targets.map(({ label, patterns }) => ({
      label,
      count: patterns.length,
      patterns: patterns.slice(0, maxShown),
    })),
  };
}
