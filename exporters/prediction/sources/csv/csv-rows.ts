import type { CsvRecord } from '../../../../kit/csv/csv-syntax.ts';
import { SourceError } from '../../../../kit/errors.ts';
import { cut, preview } from '../../../../kit/options/preview.ts';
import { type Entity, type EntityKind, keyOfEntity } from '../../entity.ts';
import type { CsvHeader } from './csv-header.ts';
import { timeOf } from './csv-time.ts';

/** Rows as they were read, in typed arrays: 4 bytes a cell, whatever the text was. */
export interface CsvRows {
  readonly add: (record: CsvRecord) => void;
  readonly entities: readonly Entity[];
  readonly count: () => number;
  readonly entityOf: (row: number) => number;
  readonly timeOf: (row: number) => number;
  readonly valueOf: (row: number, column: number) => number;
}

export interface CsvLimits {
  /** Of rows × columns that are held in memory. */
  readonly mostCells: number;
}

const missing = new Set(['', 'na', 'n/a', 'nan', 'null', 'none', '-', 'inf', '+inf', '-inf', 'infinity', '-infinity']);

/** `add` throws SourceError that names the line for a row that makes no sense. */
export function createCsvRows(header: CsvHeader, kind: EntityKind, where: string, { mostCells }: CsvLimits): CsvRows {
  const width = header.features.length;
  const indices = new Map<string, number>();
  const entities: Entity[] = [];
  let times = new Float64Array(1024);
  let owners = new Uint32Array(1024);
  let values = new Float32Array(1024 * width);
  let count = 0;

  function indexOf(entity: Entity): number {
    const key = keyOfEntity(entity);
    const known = indices.get(key);
    if (known !== undefined) return known;
    indices.set(key, entities.length);
    return entities.push(entity) - 1;
  }

  function grow(): void {
    times = enlarged(times, new Float64Array(times.length * 2));
    owners = enlarged(owners, new Uint32Array(owners.length * 2));
    values = enlarged(values, new Float32Array(values.length * 2));
  }

  return {
    entities,
    count: () => count,
    entityOf: (row) => owners[row] as number,
    timeOf: (row) => times[row] as number,
    valueOf: (row, column) => values[row * width + column] as number,
    add: (record) => {
      const { atMs, entity } = identityOf(record, header, kind, where);
      if ((count + 1) * width > mostCells)
        throw new CsvTooLarge(`${where}: more than ${mostCells} readings; leave columns out, or read it in parts`);
      if (count === times.length) grow();
      for (const [column, value] of readingsOf(record, header, where).entries()) values[count * width + column] = value;
      times[count] = atMs;
      owners[count] = indexOf(entity);
      count += 1;
    },
  };
}

function identityOf(
  { fields, line }: CsvRecord,
  header: CsvHeader,
  kind: EntityKind,
  where: string,
): { readonly atMs: number; readonly entity: Entity } {
  const cell = (at: number | undefined): string => (at === undefined ? '' : (fields[at] ?? '').trim());
  if (fields.length !== header.width)
    throw badRow(where, line, `the row has ${fields.length} cells, and the header has ${header.width}`);
  const atMs = timeOf(cell(header.time));
  if (atMs === undefined) {
    const allowed = 'neither RFC 3339 with its zone, nor Unix seconds or milliseconds';
    throw badRow(where, line, `the time ${preview(cell(header.time))} is ${allowed}`);
  }
  const name = cell(header.entity);
  if (name === '') throw badRow(where, line, 'the entity has no name');
  const node = kind === 'node' ? name : cell(header.node);
  return { atMs, entity: { kind, cluster: cell(header.cluster), node, uuid: kind === 'gpu' ? name : '' } };
}

function readingsOf({ fields, line }: CsvRecord, { features }: CsvHeader, where: string): readonly number[] {
  return features.map(({ at, title }) => {
    const value = numberOf(fields[at] ?? '');
    if (value !== undefined) return value;
    throw badRow(
      where,
      line,
      `${cut(title)} is ${preview(fields[at])}, which is no number; leave the column out if it is a text`,
    );
  });
}

function badRow(where: string, line: number, problem: string): SourceError {
  return new SourceError(`${where}:${line}: ${problem}`);
}

/** Not of one row: nothing more can be read. */
export class CsvTooLarge extends SourceError {}

/** NaN for a reading that is not there, or not finite. */
function numberOf(text: string): number | undefined {
  const trimmed = text.trim();
  if (missing.has(trimmed.toLowerCase())) return Number.NaN;
  const value = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(trimmed) ? Number(trimmed) : undefined;
  return value === undefined || Math.abs(value) <= 1e30 ? value : Number.NaN;
}

function enlarged<T extends Float64Array | Float32Array | Uint32Array>(from: T, into: T): T {
  into.set(from);
  return into;
}
