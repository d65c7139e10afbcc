import { ApiError, notFound } from '../../../../kit/api/api-error.ts';
import type { Answer, Call } from '../../../../kit/api/route.ts';
import { type Route, routeOf } from '../../../../kit/api/route.ts';
import { listSchema } from '../../../../kit/api/schemas.ts';
import type { LookRecord } from '../../store/looks.ts';
import { lookView } from '../look-view.ts';
import type { CmdbServices, ConfiguredSource } from '../services.ts';
import { time, type View } from '../views.ts';

type SourceServices = Pick<CmdbServices, 'store' | 'sources'>;

const route = routeOf<SourceServices>();
const tag = 'Sources';
const name = { in: 'path', type: 'text', maxLength: 100, about: 'Name of the source in the configuration.' } as const;
const answers = { 200: { about: 'What it changes: counts, and the first of each list.', schema: { type: 'object' } } };

export const sourceRoutes: readonly Route<SourceServices>[] = [
  route({
    method: 'get',
    path: '/api/v1/sources',
    tag,
    id: 'listSources',
    access: 'reader',
    summary: 'Tells how the sources are doing.',
    parameters: {},
    answers: {
      200: {
        about: 'Sources of the configuration, and those that have looked before.',
        schema: listSchema('sources', { type: 'object' }),
      },
    },
    handle: async (_call, { store, sources }) => {
      const looks = new Map((await store.looks()).map((look) => [look.source, look]));
      const configured = new Map(sources.list().map((source) => [source.name, source]));
      const names = [...new Set([...configured.keys(), ...looks.keys()])].sort();
      return { json: { sources: names.map((each) => sourceView(each, configured.get(each), looks.get(each))) } };
    },
  }),
  route({
    method: 'post',
    path: '/api/v1/sources/{name}/plan',
    tag,
    id: 'planLook',
    access: 'editor',
    summary: 'Looks at a source and tells what that would change. Nothing is changed.',
    parameters: { name, allow_missing: { in: 'query', type: 'boolean', default: false, about: 'As for a look.' } },
    answers,
    handle: (call, services) => look(call, services, true),
  }),
  route({
    method: 'post',
    path: '/api/v1/sources/{name}/look',
    tag,
    id: 'look',
    access: 'editor',
    summary: 'Looks at a source now and takes over what it sees.',
    parameters: {
      name,
      allow_missing: {
        in: 'query',
        type: 'boolean',
        default: false,
        about:
          'Lets any number of items go missing this time. Without it a source that suddenly sees far fewer is refused.',
      },
    },
    answers,
    handle: (call, services) => look(call, services, false),
  }),
  route({
    method: 'delete',
    path: '/api/v1/sources/{name}',
    tag,
    id: 'forgetSource',
    access: 'admin',
    summary: 'Takes back all that a source ever said.',
    about:
      'For a source that is out of the configuration. Items of which nobody else says anything are deleted; the history keeps them.',
    parameters: { name },
    answers: { 200: { about: 'How many items it spoke of.', schema: { type: 'object' } } },
    handle: async ({ parameters: { name: source }, caller }, { store, sources }) => {
      if (sources.list().some((each) => each.name === source))
        throw new ApiError(
          'conflict',
          `the source ${JSON.stringify(source)} is in the configuration and would say it all again; take it out first`,
        );
      const looked = (await store.looks()).some((record) => record.source === source);
      if (!looked) throw notFound(`there is no source ${JSON.stringify(source)} that ever looked`);
      return { json: { items: await store.forgetSource(source, caller.name) } };
    },
  }),
];

type LookParameters = {
  readonly name: typeof name;
  readonly allow_missing: {
    readonly in: 'query';
    readonly type: 'boolean';
    readonly default: false;
    readonly about: string;
  };
};

async function look(
  { parameters, caller, signal }: Pick<Call<LookParameters, undefined>, 'parameters' | 'caller' | 'signal'>,
  { store, sources }: SourceServices,
  isDryRun: boolean,
): Promise<Answer> {
  const { name: source, allow_missing: allowMissing } = parameters;
  const result = await sources.look(source, { actor: caller.name, isDryRun, allowMissing, signal });
  if (result === undefined) {
    const known = sources.list().map((each) => each.name);
    throw notFound(
      `there is no source ${JSON.stringify(source)}${known.length === 0 ? '' : `; there are ${known.join(', ')}`}`,
    );
  }
  const view = lookView(result, store.inventory);
  if (result.refusal === undefined || isDryRun) return { json: view };
  throw new ApiError('conflict', `${result.refusal}; look again with allow_missing=true if that is right`, {
    plan: view,
  });
}

function sourceView(source: string, configured: ConfiguredSource | undefined, record: LookRecord | undefined): View {
  return {
    name: source,
    type: configured?.type ?? record?.type,
    configured: configured !== undefined,
    every_seconds: configured?.everySeconds,
    last_look:
      record === undefined
        ? null
        : {
            started_at: time(record.startedAt),
            finished_at: time(record.finishedAt),
            succeeded_at: time(record.succeededAt),
            outcome: record.outcome,
            reason: record.reason,
            items: record.items,
            problems: record.problems,
            duration_seconds: record.durationSeconds,
          },
    totals: record?.totals,
  };
}
