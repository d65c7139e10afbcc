import { SourceError } from '../../../../kit/errors.ts';

export interface CsvRecord {
  readonly cells: readonly string[];
  /** On which it begins, from 1. */
  readonly line: number;
}

const mostBytes = 1024 * 1024;
const quote = '"';

/**
 * Records of RFC 4180, one at a time: cells may be quoted, and hold line breaks then. The separator is whichever of comma, semicolon and tab the first
 * record has most of. Only one record is held in memory. Throws SourceError for a record of more than 1 MiB and for a quote that is never closed.
 */
export async function* csvRecords(chunks: AsyncIterable<string>, where: string): AsyncGenerator<CsvRecord> {
  let separator: string | undefined;
  let line = 1;
  let pending = '';
  let startLine = 1;
  for await (const piece of lines(chunks, where)) {
    const text = pending === '' ? piece : `${pending}\n${piece}`;
    if (pending === '') startLine = line;
    line += 1;
    if (text.length > mostBytes)
      throw new SourceError(`${where}, line ${startLine}: the row has more than 1 MiB; is a quote not closed?`);
    if (isOpen(text)) {
      pending = text;
      continue;
    }
    pending = '';
    if (text.trim() === '') continue;
    separator ??= separatorOf(text);
    yield { cells: cellsOf(text, separator), line: startLine };
  }
  if (pending !== '') throw new SourceError(`${where}, line ${startLine}: a quote is opened and never closed`);
}

function separatorOf(header: string): string {
  const counts = [',', ';', '\t'].map((each) => ({ each, count: header.split(each).length }));
  return counts.reduce((best, other) => (other.count > best.count ? other : best)).each;
}

async function* lines(chunks: AsyncIterable<string>, where: string): AsyncGenerator<string> {
  let rest = '';
  let isFirst = true;
  for await (const chunk of chunks) {
    const text = rest + (isFirst ? chunk.replace(/^\uFEFF/, '') : chunk);
    isFirst = false;
    const pieces = text.split('\n');
    rest = pieces.pop() ?? '';
    if (rest.length > mostBytes) throw new SourceError(`${where}: a line has more than 1 MiB; is it a CSV file?`);
    for (const piece of pieces) yield withoutReturn(piece);
  }
  if (rest !== '') yield withoutReturn(rest);
}

function withoutReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}

function isOpen(text: string): boolean {
  let count = 0;
  for (let at = text.indexOf(quote); at >= 0; at = text.indexOf(quote, at + 1)) count += 1;
  return count % 2 === 1;
}

function cellsOf(text: string, separator: string): readonly string[] {
  if (!text.includes(quote)) return text.split(separator);
  const cells: string[] = [];
  let at = 0;
  while (at <= text.length) {
    const end = text[at] === quote ? closingQuote(text, at) + 1 : at;
    const next = text.indexOf(separator, end);
    const until = next < 0 ? text.length : next;
    cells.push(end === at ? text.slice(at, until) : text.slice(at + 1, end - 1).replaceAll('""', quote));
    at = until + 1;
  }
  return cells;
}

/** Of the quoted cell that begins there; two quotes are one within it. */
function closingQuote(text: string, from: number): number {
  for (let at = from + 1; at < text.length; at += 1) {
    if (text[at] !== quote) continue;
    if (text[at + 1] !== quote) return at;
    at += 1;
  }
  return text.length;
}
