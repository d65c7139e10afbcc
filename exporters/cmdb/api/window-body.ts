import { badField } from '../../../kit/api/api-error.ts';
import { parseTime } from '../../../kit/api/read-parameters.ts';
import { jsonBody } from '../../../kit/api/route.ts';
import { text } from '../../../kit/api/schemas.ts';
import { parseDuration } from '../../../kit/options/duration.ts';
import { createFactMatcher, type FactPatterns, maxFacts, maxPatterns } from '../facts/match-facts.ts';
import type { Inventory } from '../inventory/inventory.ts';
import type { MaintenanceWindow, WindowScope } from '../maintenance/maintenance-window.ts';
import type { ItemClass } from '../model/item-class.ts';
import type { WindowContent } from '../store/maintenance-windows.ts';
import { itemClass, itemId } from './schemas.ts';

interface ScopeBody {
  readonly items?: readonly number[];
  readonly query?: {
    readonly class?: ItemClass;
    readonly match?: Readonly<Record<string, string | readonly string[]>>;
  };
}

export interface WindowBody {
  readonly title: string;
  readonly scope: ScopeBody;
  readonly starts_at?: string;
  readonly ends_at?: string;
  readonly duration?: string;
}

export type WindowEditBody = Partial<WindowBody>;

const maxItems = 5000;
const maxTitle = 200;
/** Longer than any work; a date that was mistyped would keep alerts silent for years. */
const maxSeconds = 366 * 86_400;
const pattern = { ...text(200), minLength: 1 };

const scopeSchema = {
  type: 'object',
  additionalProperties: false,
  minProperties: 1,
  description: 'Items by their numbers, those that the query finds at the time, or both; with all that is in them.',
  properties: {
    items: { type: 'array', minItems: 1, maxItems, items: itemId },
    query: {
      type: 'object',
      additionalProperties: false,
      minProperties: 1,
      properties: {
        class: itemClass,
        match: {
          type: 'object',
          minProperties: 1,
          maxProperties: maxFacts,
          propertyNames: { pattern: '^[a-z][a-z0-9_]{0,62}$' },
          additionalProperties: {
            type: ['string', 'array'],
            minLength: 1,
            maxLength: 200,
            minItems: 1,
            maxItems: maxPatterns,
            items: pattern,
          },
          description: 'For each fact or attribute a pattern such as r1*, or several of which one must fit.',
        },
      },
    },
  },
} as const;

const properties = {
  title: { ...text(maxTitle), minLength: 1 },
  scope: scopeSchema,
  starts_at: { ...text(50), description: 'A time in RFC 3339; now without it.' },
  ends_at: { ...text(50), description: 'A time in RFC 3339.' },
  duration: { ...text(50), description: 'Such as 2h, in place of ends_at.' },
} as const;

const example = {
  title: 'New PDU in r12',
  scope: { query: { class: 'rack', match: { name: 'r12' } } },
  duration: '2h',
} as const;

export const windowBody = jsonBody<WindowBody>({
  about: 'A maintenance window.',
  schema: { type: 'object', required: ['title', 'scope'], additionalProperties: false, properties },
  example,
});

export const windowEditBody = jsonBody<WindowEditBody>({
  about: 'What is to be changed of the window; a duration counts from its start.',
  schema: { type: 'object', minProperties: 1, additionalProperties: false, properties },
  example: { ends_at: '2026-01-31T18:00:00Z' },
});

/** Throws an ApiError that names the field. */
export function windowContent(body: WindowBody, inventory: Inventory, now: number): WindowContent {
  const startsAt = body.starts_at === undefined ? now : timeOf('starts_at', body.starts_at);
  return checked(
    { title: body.title, scope: scopeOf(body.scope, inventory), startsAt, endsAt: endOf(body, startsAt) },
    now,
  );
}

/** The window with the change. Throws an ApiError. */
export function editedWindow(
  window: MaintenanceWindow,
  body: WindowEditBody,
  inventory: Inventory,
  now: number,
): MaintenanceWindow {
  const startsAt = body.starts_at === undefined ? window.startsAt : timeOf('starts_at', body.starts_at);
  const isNewEnd = body.ends_at !== undefined || body.duration !== undefined;
  const content = checked(
    {
      title: body.title ?? window.title,
      scope: body.scope === undefined ? window.scope : scopeOf(body.scope, inventory),
      startsAt,
      endsAt: isNewEnd ? endOf(body, startsAt) : window.endsAt,
    },
    now,
  );
  return { ...window, ...content };
}

function endOf(body: WindowEditBody, startsAt: number): number {
  if (body.ends_at !== undefined && body.duration !== undefined)
    throw badField('duration', 'either ends_at or duration can be given');
  if (body.ends_at !== undefined) return timeOf('ends_at', body.ends_at);
  if (body.duration === undefined) throw badField('ends_at', 'ends_at or duration is missing');
  const seconds = parseDuration(body.duration);
  if (seconds === undefined || seconds <= 0) throw badField('duration', 'must be a duration such as 30m, 2h or 1d');
  return startsAt + seconds;
}

function timeOf(field: string, given: string): number {
  const seconds = parseTime(given);
  if (seconds === undefined) throw badField(field, 'must be a time such as 2026-01-31T08:00:00Z');
  return seconds;
}

function checked(content: WindowContent, now: number): WindowContent {
  const { startsAt, endsAt } = content;
  if (endsAt <= startsAt) throw badField('ends_at', 'it must be later than the start');
  if (endsAt <= now) throw badField('ends_at', 'it is over already');
  if (endsAt - startsAt > maxSeconds) throw badField('ends_at', 'a window lasts 366 days at most');
  return content;
}

function scopeOf({ items = [], query }: ScopeBody, inventory: Inventory): WindowScope {
  const unknown = items.findIndex((id) => inventory.item(id) === undefined);
  if (unknown >= 0) throw badField(`scope.items[${unknown}]`, `there is no item ${items[unknown]}`);
  const match: FactPatterns = Object.fromEntries(
    Object.entries(query?.match ?? {}).map(([name, patterns]) => [name, [patterns].flat()]),
  );
  const scope = { items: [...new Set(items)], query: query && { class: query.class, match } };
  if (query !== undefined && !findsSomething(scope.query?.class, match, inventory))
    throw badField('scope.query', 'it finds no item at present');
  return scope;
}

function findsSomething(wanted: ItemClass | undefined, match: FactPatterns, inventory: Inventory): boolean {
  const matches = createFactMatcher(match);
  for (const item of wanted === undefined ? inventory.items() : inventory.ofClass(wanted))
    if (matches(inventory, item)) return true;
  return false;
}
