import { csvRecords } from '../../../../kit/csv/csv-records.ts';
import type { CsvRecord } from '../../../../kit/csv/csv-syntax.ts';
import { reasonOf, SourceError } from '../../../../kit/errors.ts';
import type { EntityKind } from '../../entity.ts';
import type { FeatureTable } from '../../features/feature-table.ts';
import { type CsvColumns, type CsvHeader, readHeader } from './csv-header.ts';
import { type CsvLimits, type CsvRows, CsvTooLarge, createCsvRows } from './csv-rows.ts';
import { type CsvWindow, csvTable } from './csv-table.ts';

export interface CsvRequest {
  readonly kind: EntityKind;
  readonly columns: CsvColumns;
  readonly windows: readonly CsvWindow[];
  /** Name of the file, for errors. */
  readonly where: string;
  readonly limits?: CsvLimits | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((rows: number) => void) | undefined;
}

export interface CsvReading {
  readonly table: FeatureTable;
  /** Rows that made no sense and were left out. Of two of an entity and time the later counts. */
  readonly badRows: number;
  /** The first of them, each with its line. */
  readonly problems: readonly string[];
}

const mostProblems = 20;
/** Beside features there may be columns that are not read. */
const maxColumns = 10_000;
const progressEvery = 100_000;
const defaultLimits: CsvLimits = { mostCells: 250_000_000 };

/**
 * A wide CSV file: an entity and a time in each row, and readings in the other columns, which become features as they are. The text is read in a stream.
 * Throws where the header cannot be used, or no row can.
 */
export async function readCsv(chunks: AsyncIterable<string>, request: CsvRequest): Promise<CsvReading> {
  const { kind, columns, windows, where, limits = defaultLimits, signal, onProgress } = request;
  const bad = createProblems();
  let opened: { readonly header: CsvHeader; readonly rows: CsvRows } | undefined;
  for await (const record of csvRecords(chunks, { file: where, maxColumns })) {
    signal?.throwIfAborted();
    if (opened === undefined) {
      const header = readHeader(record.fields, columns, where);
      opened = { header, rows: createCsvRows(header, kind, where, limits) };
      continue;
    }
    bad.note(problemOf(opened.rows, record));
    if (opened.rows.count() % progressEvery === 0) onProgress?.(opened.rows.count());
  }
  if (opened === undefined) throw new SourceError(`${where} is empty; it needs a header and rows`);
  const [first] = bad.problems;
  if (opened.rows.count() === 0)
    throw new SourceError(`${where} has no row that can be used${first === undefined ? '' : `: ${first}`}`);
  const table = csvTable(opened.rows, opened.header, windows, where);
  return { table, badRows: bad.count(), problems: bad.problems };
}

function createProblems() {
  const problems: string[] = [];
  let count = 0;
  return {
    problems,
    count: () => count,
    note: (problem: string | undefined): void => {
      if (problem === undefined) return;
      count += 1;
      if (problems.length < mostProblems) problems.push(problem);
    },
  };
}

/** Undefined if the row was taken. */
function problemOf(rows: CsvRows, record: CsvRecord): string | undefined {
  try {
    rows.add(record);
    return undefined;
  } catch (error) {
    if (!(error instanceof SourceError) || error instanceof CsvTooLarge) throw error;
    return reasonOf(error);
  }
}
