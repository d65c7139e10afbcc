import { scanSamples } from './scan-samples.ts';
import type { ColumnSeries, ColumnsResult } from './types.ts';

/** The text is not what the scan understands. */
class NotPlain extends Error {
  override readonly name = 'NotPlain';
}

/**
 * Reads a matrix from the bytes of an answer without making an object of each sample: JSON.parse needs about ten times the memory of the text
 * and several times the time. Keys may come in any order. Undefined for whatever is no JSON of that shape, such as an error.
 */
export function scanMatrix(bytes: Uint8Array): ColumnsResult | undefined {
  try {
    return scanAnswer(bytes);
  } catch (error) {
    if (error instanceof NotPlain) return undefined;
    throw error;
  }
}

function scanAnswer(bytes: Uint8Array): ColumnsResult {
  const cursor = createCursor(bytes);
  const found: Found = {
    status: undefined,
    type: undefined,
    series: [],
    skippedHistograms: 0,
    warnings: [],
    partial: false,
  };
  const ofData: Readonly<Record<string, () => void>> = {
    resultType: () => (found.type = cursor.parsed()),
    result: () => cursor.list(() => scanSeries(cursor, found)),
  };
  const ofAnswer: Readonly<Record<string, () => void>> = {
    status: () => (found.status = cursor.parsed()),
    data: () => cursor.map(ofData),
    warnings: () => (found.warnings = texts(cursor.parsed())),
    isPartial: () => (found.partial = cursor.parsed() === true),
  };
  cursor.map(ofAnswer);
  cursor.end();
  if (found.status !== 'success' || found.type !== 'matrix') throw new NotPlain();
  const { series, warnings, partial, skippedHistograms } = found;
  return { series, warnings, partial, skippedHistograms };
}

interface Found {
  status: unknown;
  type: unknown;
  readonly series: ColumnSeries[];
  skippedHistograms: number;
  warnings: readonly string[];
  partial: boolean;
}

function scanSeries(cursor: Cursor, found: Found): void {
  let labels: unknown = {};
  let columns: Columns | undefined;
  cursor.map({
    metric: () => (labels = cursor.parsed()),
    values: () => (columns = cursor.samples()),
    histograms: () => {
      const histograms = cursor.parsed();
      found.skippedHistograms += Array.isArray(histograms) ? histograms.length : 0;
    },
  });
  if (!isLabels(labels)) throw new NotPlain();
  if (columns !== undefined && columns.timesMs.length > 0)
    found.series.push({ labels, timesMs: columns.timesMs, values: columns.values });
}

function isLabels(value: unknown): value is Readonly<Record<string, string>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return Object.values(value).every((each) => typeof each === 'string');
}

function texts(value: unknown): readonly string[] {
  if (value === null) return [];
  if (!Array.isArray(value) || !value.every((each) => typeof each === 'string')) throw new NotPlain();
  return value;
}

type Columns = Pick<ColumnSeries, 'timesMs' | 'values'>;

interface Cursor {
  readonly map: (readers: Readonly<Record<string, () => void>>) => void;
  readonly list: (readItem: () => void) => void;
  /** The value that begins here, by JSON.parse. */
  readonly parsed: () => unknown;
  /** [[1700000000.123,"1"],…] */
  readonly samples: () => Columns;
  readonly end: () => void;
}

const byte = {
  quote: 0x22,
  comma: 0x2c,
  colon: 0x3a,
  openList: 0x5b,
  backslash: 0x5c,
  closeList: 0x5d,
  openMap: 0x7b,
  closeMap: 0x7d,
} as const;

const opens = (each: number | undefined): boolean => each === byte.openList || each === byte.openMap;
const closes = (each: number | undefined): boolean => each === byte.closeList || each === byte.closeMap;

/** Behind the value that begins there; the brackets of a list or map are only counted, JSON.parse checks the rest. */
function afterValue(bytes: Uint8Array, from: number): number {
  const first = bytes[from];
  if (first === byte.quote) return afterString(bytes, from);
  return opens(first) ? afterBrackets(bytes, from) : afterWord(bytes, from);
}

function afterString(bytes: Uint8Array, from: number): number {
  let end = from + 1;
  for (let each = bytes[end]; each !== byte.quote; each = bytes[end]) {
    if (each === undefined) throw new NotPlain();
    end += each === byte.backslash ? 2 : 1;
  }
  return end + 1;
}

/** Behind the list or map that begins there. */
function afterBrackets(bytes: Uint8Array, from: number): number {
  let end = from + 1;
  for (let depth = 1; depth > 0; ) {
    const each = bytes[end];
    if (each === undefined) throw new NotPlain();
    if (opens(each)) depth += 1;
    else if (closes(each)) depth -= 1;
    end = each === byte.quote ? afterString(bytes, end) : end + 1;
  }
  return end;
}

/** Behind a number, true, false or null. */
function afterWord(bytes: Uint8Array, from: number): number {
  let end = from;
  for (let each = bytes[end]; each !== undefined && each !== byte.comma && !closes(each); each = bytes[end]) end += 1;
  return end;
}

function createCursor(bytes: Uint8Array): Cursor {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;

  function skipSpace(): void {
    for (let each = bytes[at]; each === 0x20 || each === 0x0a || each === 0x0d || each === 0x09; each = bytes[at])
      at += 1;
  }

  function take(wanted: number): void {
    skipSpace();
    if (bytes[at] !== wanted) throw new NotPlain();
    at += 1;
  }

  function takeIf(wanted: number): boolean {
    skipSpace();
    if (bytes[at] !== wanted) return false;
    at += 1;
    return true;
  }

  function parsed(): unknown {
    skipSpace();
    const end = afterValue(bytes, at);
    try {
      const value: unknown = JSON.parse(text.toString('utf8', at, end));
      at = end;
      return value;
    } catch {
      throw new NotPlain();
    }
  }

  function map(readers: Readonly<Record<string, () => void>>): void {
    take(byte.openMap);
    if (takeIf(byte.closeMap)) return;
    do {
      const key = parsed();
      take(byte.colon);
      const read = typeof key === 'string' && Object.hasOwn(readers, key) ? readers[key] : undefined;
      if (read === undefined) parsed();
      else read();
    } while (takeIf(byte.comma));
    take(byte.closeMap);
  }

  function list(readItem: () => void): void {
    take(byte.openList);
    if (takeIf(byte.closeList)) return;
    do readItem();
    while (takeIf(byte.comma));
    take(byte.closeList);
  }

  function samples(): Columns {
    skipSpace();
    const scanned = scanSamples(bytes, at);
    if (scanned === undefined) throw new NotPlain();
    at = scanned.end;
    return scanned;
  }

  function end(): void {
    skipSpace();
    if (at !== bytes.length) throw new NotPlain();
  }

  return { map, list, parsed, samples, end };
}
