import { badField } from '../../../../kit/api/api-error.ts';
import { type Route, routeOf } from '../../../../kit/api/route.ts';
import { listSchema } from '../../../../kit/api/schemas.ts';
import { derivedFindings } from '../../inventory/derived-findings.ts';
import { findingKinds } from '../../inventory/finding.ts';
import { ref } from '../schemas.ts';
import type { CmdbServices } from '../services.ts';
import { changeView, findingView } from '../views.ts';

type ChangeServices = Pick<CmdbServices, 'store'>;

const route = routeOf<ChangeServices>();

export const historyParameters = {
  from: { in: 'query', type: 'time', about: 'Changes from then on.' },
  to: { in: 'query', type: 'time', about: 'Changes until then.' },
  before: { in: 'query', type: 'integer', min: 1, max: 999_999_999_999_999, about: '`next` of the page before.' },
  limit: { in: 'query', type: 'integer', min: 1, max: 1000, default: 100, about: 'Changes of a page.' },
} as const;

export const changeRoutes: readonly Route<ChangeServices>[] = [
  route({
    method: 'get',
    path: '/api/v1/changes',
    tag: 'History',
    id: 'listChanges',
    access: 'reader',
    summary: 'Tells who changed what, the newest first.',
    parameters: {
      ...historyParameters,
      source: {
        in: 'query',
        type: 'text',
        maxLength: 200,
        about: 'Only changes of the source; `manual` is what people did.',
      },
      request: {
        in: 'query',
        type: 'text',
        maxLength: 100,
        about: 'All that one request or one look of a source changed.',
      },
    },
    answers: {
      200: { about: 'Changes.', schema: listSchema('changes', ref('Change'), { next: { type: 'integer' } }) },
    },
    handle: async ({ parameters }, { store }) => {
      const changes = await store.history(parameters);
      const next = changes.length < parameters.limit ? undefined : changes.at(-1)?.sequence;
      return { json: { changes: changes.map((change) => changeView(change, store.inventory)), next } };
    },
  }),
  route({
    method: 'get',
    path: '/api/v1/findings',
    tag: 'Sources',
    id: 'listFindings',
    access: 'reader',
    summary: 'Lists what somebody has to look at: unknown, conflicting, invalid and missing things.',
    parameters: {
      kind: { in: 'query', type: 'enum', values: Object.keys(findingKinds), about: 'Only findings of the kind.' },
      source: {
        in: 'query',
        type: 'text',
        maxLength: 200,
        about: 'Only findings of the source; `inventory` for what several of them say together.',
      },
      item: { in: 'query', type: 'integer', min: 1, max: 2_147_483_647, about: 'Only findings about the item.' },
      limit: { in: 'query', type: 'integer', min: 1, max: 1000, default: 100, about: 'Findings of a page.' },
      cursor: { in: 'query', type: 'text', maxLength: 10_000, about: '`next` of the page before.' },
    },
    answers: {
      200: {
        about: 'Findings by kind, source and subject.',
        schema: listSchema('findings', { type: 'object' }, { total: { type: 'integer' }, next: { type: 'string' } }),
      },
    },
    handle: async ({ parameters: { kind, source, item, limit, cursor } }, { store }) => {
      const keyOf = (one: { kind: string; source: string; subject: string }): string =>
        [one.kind, one.source, one.subject].join('\u0000');
      const all = [...(await store.findings()), ...derivedFindings(store.inventory)]
        .filter((one) => (kind ?? one.kind) === one.kind && (source ?? one.source) === one.source)
        .filter((one) => item === undefined || one.itemId === item)
        .map((one) => ({ key: keyOf(one), one }))
        .sort((a, b) => (a.key < b.key ? -1 : 1));
      const after = cursor === undefined ? undefined : decoded(cursor);
      const rest = after === undefined ? all : all.filter(({ key }) => key > after);
      const page = rest.slice(0, limit);
      const last = page.at(-1);
      const next = rest.length > limit && last !== undefined ? Buffer.from(last.key).toString('base64url') : undefined;
      return { json: { findings: page.map(({ one }) => findingView(one)), total: all.length, next } };
    },
  }),
];

function decoded(cursor: string): string {
  const key = Buffer.from(cursor, 'base64url').toString();
  if (key.split('\u0000').length !== 3) throw badField('cursor', 'it is damaged: begin again without one');
  return key;
}
