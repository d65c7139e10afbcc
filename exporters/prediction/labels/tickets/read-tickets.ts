import { createCsvReader } from '../../../../kit/csv/csv-reader.ts';
import type { CsvRecord } from '../../../../kit/csv/csv-syntax.ts';
import { SourceError } from '../../../../kit/errors.ts';
import { cut } from '../../../../kit/options/preview.ts';
import { type Entity, keyOfEntity } from '../../entity.ts';
import type { FailureSign, Signs } from '../sign.ts';
import { heldBack, timeProblem } from '../sign-time.ts';
import { createEntityFinder } from './find-entity.ts';
import { isTicketKind, otherTickets, ticketKinds } from './ticket-kinds.ts';
import { ticketTime } from './ticket-time.ts';

export interface TicketOptions {
  /** For errors. */
  readonly file: string;
  readonly entities: readonly Entity[];
  readonly nowMs: number;
}

const columns = ['entity', 'start', 'end', 'kind'] as const;
type Column = (typeof columns)[number];
type Fields = Readonly<Record<Column, string>>;

/** Why a row is left out. */
interface Refusal {
  readonly problem: string;
}

/**
 * Failures of the user's own tickets: CSV whose header names entity, start, end and kind. `end` is a time, `open` for what is not over, or empty where
 * nobody knows. Bad rows are left out and named by their line. Throws SourceError for a file that is no such CSV.
 */
export function readTickets(text: string, { file, entities, nowMs }: TicketOptions): Signs {
  const [header, ...rows] = recordsOf(text, file);
  const fieldsOf = readHeader(header, file);
  const find = createEntityFinder(entities);
  const signs: FailureSign[] = [];
  const problems: string[] = [];
  const seen = new Map<string, number>();
  for (const row of rows) {
    const read = fieldsOf(row, (fields) => signOf(fields, find, nowMs));
    const fresh = read !== undefined && !('problem' in read) ? once(read, row.line, seen) : read;
    if (fresh === undefined) continue;
    if ('problem' in fresh) problems.push(`${file}:${row.line}: ${fresh.problem}; the row is left out`);
    else signs.push(fresh);
  }
  return { signs, problems };
}

/** Trimmed, and without those that are blank. */
function recordsOf(text: string, file: string): readonly CsvRecord[] {
  const reader = createCsvReader({ file });
  return [...reader.push(text), ...reader.end()]
    .map(({ line, fields }) => ({ line, fields: fields.map((field) => field.trim()) }))
    .filter(({ fields }) => fields.some((field) => field !== ''));
}

type ReadFields = <T>(row: CsvRecord, read: (fields: Fields) => T) => T | Refusal;

function readHeader(header: CsvRecord | undefined, file: string): ReadFields {
  if (header === undefined) throw new SourceError(`${file} is empty; its first line must be ${columns.join(',')}`);
  const names = header.fields.map((name) => name.toLowerCase());
  const missing = columns.filter((column) => names.filter((name) => name === column).length !== 1);
  if (missing.length > 0)
    throw new SourceError(
      `${file}:${header.line}: the first line must name each of ${columns.join(', ')} once; ${missing.join(', ')} is not there, or twice`,
    );
  const [entity = 0, start = 0, end = 0, kind = 0] = columns.map((column) => names.indexOf(column));
  return ({ fields }, read) => {
    if (fields.length > names.length)
      return { problem: `has ${fields.length} fields, but the header has ${names.length}` };
    const field = (index: number): string => fields[index] ?? '';
    return read({ entity: field(entity), start: field(start), end: field(end), kind: field(kind).toLowerCase() });
  };
}

/** Undefined for a ticket that is about no hardware. */
function signOf(
  { entity: name, start, end, kind: word }: Fields,
  find: (name: string) => Entity | string,
  nowMs: number,
): FailureSign | Refusal | undefined {
  if (otherTickets.includes(word)) return undefined;
  const kind = word === '' ? 'unknown' : word;
  if (!isTicketKind(kind))
    return { problem: `kind is ${shown(word)}, not one of ${[...ticketKinds, ...otherTickets].join(', ')}` };
  const entity = find(name);
  if (typeof entity === 'string') return { problem: `entity is ${shown(name)}, ${entity}` };
  const span = spanOf(start, end, nowMs);
  return 'problem' in span ? span : { entity, ...span, kind: `ticket_${kind}`, source: 'ticket' };
}

function spanOf(start: string, end: string, nowMs: number): Pick<FailureSign, 'startMs' | 'endMs'> | Refusal {
  const startMs = momentOf('start', start, nowMs);
  if (typeof startMs === 'object') return startMs;
  if (end === '') return { startMs, endMs: undefined };
  if (end.toLowerCase() === 'open') return { startMs, endMs: Number.POSITIVE_INFINITY };
  const endMs = momentOf('end', end, nowMs);
  if (typeof endMs === 'object') return endMs;
  return endMs < startMs ? { problem: `end ${cut(end)} is before start ${cut(start)}` } : { startMs, endMs };
}

function momentOf(name: string, text: string, nowMs: number): number | Refusal {
  const atMs = ticketTime(text);
  if (atMs === undefined)
    return {
      problem: `${name} is ${shown(text)}, not a time such as 2026-03-01 14:05 (UTC) or 2026-03-01T14:05:00+08:00`,
    };
  const problem = timeProblem(atMs, nowMs);
  return problem === undefined ? heldBack(atMs, nowMs) : { problem: `${name} ${problem}` };
}

function once(sign: FailureSign, line: number, seen: Map<string, number>): FailureSign | Refusal {
  const key = `${keyOfEntity(sign.entity)} ${sign.startMs}`;
  const before = seen.get(key);
  seen.set(key, before ?? line);
  return before === undefined ? sign : { problem: `entity and start are those of line ${before}` };
}

function shown(text: string): string {
  return JSON.stringify(cut(text));
}
