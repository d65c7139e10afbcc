import type { FakeBmc } from './fake-bmc.ts';
import type { FakeLogEntry, JsonResource } from './fake-machine.ts';
import { flavours } from './flavours/index.ts';

const logPath = /^(.*\/LogServices\/[^/]+)\/Entries(?:\/(\d+))?$/;

/** Entries of a log, in the order and in the portions of the maker; undefined if the path is none of a log. */
export function logAnswer(
  bmc: FakeBmc,
  { path, query }: { readonly path: string; readonly query: URLSearchParams },
): JsonResource | undefined {
  const [, service = '', id] = logPath.exec(path) ?? [];
  if (!bmc.tree.has(service)) return undefined;
  if (id === undefined) return pageOf(bmc, path, query);
  const entry = bmc.entries().find((each) => String(each.id) === id);
  return entry === undefined ? undefined : shown(path, entry);
}

function pageOf(bmc: FakeBmc, path: string, query: URLSearchParams): JsonResource {
  const { logPageSize, newestFirst } = flavours[bmc.settings.flavour];
  const all = newestFirst ? [...bmc.entries()].reverse() : bmc.entries();
  if (logPageSize === undefined)
    return {
      '@odata.id': path,
      'Members@odata.count': all.length,
      Members: all.map(({ id }) => ({ '@odata.id': `${path}/${id}` })),
    };
  const skip = Number(query.get('$skip') ?? 0);
  const page = all.slice(skip, skip + Number(query.get('$top') ?? logPageSize));
  const next = skip + page.length;
  return {
    '@odata.id': path,
    'Members@odata.count': all.length,
    Members: page.map((entry) => shown(`${path}/${entry.id}`, entry)),
    ...(next < all.length ? { 'Members@odata.nextLink': `${path}?$skip=${next}` } : {}),
  };
}

function shown(path: string, { id, created, severity, message }: FakeLogEntry): JsonResource {
  return {
    '@odata.id': path,
    Id: String(id),
    EntryType: 'SEL',
    Created: created,
    Severity: severity,
    Message: message,
  };
}
