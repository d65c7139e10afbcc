import type { Clock } from '../../../../kit/clock.ts';
import type { LogEntry, LogReading } from '../../hardware/hardware-reading.ts';
import type { Abilities, ControllerLayout } from './controller-layout.ts';
import { isLinkAlone, type Look } from './look.ts';
import { idOf, isResource, linkOf, numberOf, type Resource, severityOf, textOf } from './resource.ts';

/** Newest entries that are kept of each log. */
const maxEntries = 100;
/** Entries that are asked for one by one, where a log only tells links. */
const maxSingleEntries = 20;
const maxMessage = 500;
const maxPages = 10;
/** A clock that was never set shows the seventies. */
const earliest = Date.UTC(2000, 0, 1) / 1000;
const daySeconds = 86_400;

/** Reads the newest entries of every log: of the system, its controller and its enclosure. */
export async function readLogs(
  look: Look,
  { hosts: [host = {}], manager = {}, chassis: [enclosure = {}] }: ControllerLayout,
  { canSkip }: Abilities,
  { now }: Pick<Clock, 'now'>,
): Promise<LogReading> {
  const names = new Set<string>();
  const seen = new Set<string>();
  const entries: LogEntry[] = [];
  const owners = [
    ['system', host],
    ['bmc', manager],
    ['chassis', enclosure],
  ] as const;
  for (const [owner, resource] of owners) {
    for (const service of await look.members(linkOf(resource, 'LogServices'))) {
      const path = linkOf(service, 'Entries');
      // Some controllers show one log at several owners.
      if (path === undefined || seen.has(path)) continue;
      seen.add(path);
      const id = (textOf(service, 'Id', 'Name') ?? 'log').toLowerCase();
      const log = names.has(id) ? `${owner}_${id}` : id;
      names.add(log);
      const found = await newestMembers(look, path, canSkip);
      entries.push(...newestFirst(found.map((entry) => entryOf(log, entry, now()))).slice(0, maxEntries));
    }
  }
  return { takenAt: now(), logs: [...names], entries: newestFirst(entries) };
}

async function newestMembers(look: Look, path: string, canSkip: boolean): Promise<readonly Resource[]> {
  const first = await look.resource(path);
  if (first === undefined) return [];
  const hasMore = textOf(first, 'Members@odata.nextLink') !== undefined;
  if (!hasMore || !isOldestFirst(membersOf(first))) return wholeEntries(look, membersOf(first));
  const count = numberOf(first, 'Members@odata.count');
  const last =
    canSkip && count !== undefined && count > maxEntries
      ? await look.resource(`${path}?$skip=${count - maxEntries}&$top=${maxEntries}`)
      : undefined;
  return wholeEntries(look, last === undefined ? await lastOfPages(look, first) : membersOf(last));
}

async function lastOfPages(look: Look, first: Resource): Promise<readonly Resource[]> {
  let members = membersOf(first);
  let page = textOf(first, 'Members@odata.nextLink');
  for (let pages = 1; page !== undefined && pages < maxPages; pages++) {
    const next: Resource = (await look.resource(page)) ?? {};
    members = [...members, ...membersOf(next)].slice(-maxEntries);
    page = textOf(next, 'Members@odata.nextLink');
  }
  return members;
}

function membersOf(collection: Resource): readonly Resource[] {
  const members = collection['Members'];
  return Array.isArray(members) ? members.filter(isResource) : [];
}

async function wholeEntries(look: Look, members: readonly Resource[]): Promise<readonly Resource[]> {
  const links = members.filter(isLinkAlone).flatMap((member) => idOf(member) ?? []);
  const newest = [...links].sort((a, b) => numberIn(b) - numberIn(a)).slice(0, maxSingleEntries);
  return [...members.filter((member) => !isLinkAlone(member)), ...(await look.resources(newest))];
}

/** Entries are numbered as they come. */
function numberIn(path: string): number {
  return Number(/(\d+)\/?$/.exec(path)?.[1] ?? 0);
}

function isOldestFirst(members: readonly Resource[]): boolean {
  const [first, last] = [members[0], members.at(-1)];
  const [from, to] = [timeOf(first ?? {}), timeOf(last ?? {})];
  if (from !== undefined && to !== undefined) return from < to;
  return numberIn(idOf(first ?? {}) ?? '') < numberIn(idOf(last ?? {}) ?? '');
}

function timeOf(entry: Resource): number | undefined {
  const ms = Date.parse(textOf(entry, 'Created', 'EventTimestamp') ?? '');
  return Number.isNaN(ms) ? undefined : ms / 1000;
}

function entryOf(log: string, entry: Resource, now: number): LogEntry {
  const createdAt = timeOf(entry);
  const isBelievable = createdAt !== undefined && createdAt >= earliest && createdAt <= now + daySeconds;
  return {
    log,
    id: textOf(entry, 'Id') ?? '',
    createdAt: isBelievable ? createdAt : undefined,
    severity: severityOf(textOf(entry, 'Severity')) ?? 'ok',
    message: (textOf(entry, 'Message', 'MessageId', 'Name') ?? '').slice(0, maxMessage),
  };
}

function newestFirst(entries: readonly LogEntry[]): readonly LogEntry[] {
  return [...entries].sort((a, b) => (b.createdAt ?? 0) - (a.createdAt ?? 0));
}
