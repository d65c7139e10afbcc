import { SourceError } from '../../../../kit/errors.ts';

/** A row of a file, with the line on which it begins, from 1. */
export interface CsvRow {
  readonly line: number;
  readonly fields: readonly string[];
}

/** A field, quoted or plain, and the delimiter, line end or end of the file behind it. */
function fieldPattern(delimiter: string): RegExp {
  return new RegExp(`(?:"((?:[^"]|"")*)"|([^"${delimiter}\r\n]*))(${delimiter}|\r\n|\r|\n|$)`, 'y');
}

/** CSV by RFC 4180 with any line ends; `,`, `;` or tabs, by the first line. Empty lines are left out. Throws SourceError that names file and line. */
export function* csvRows(text: string, file: string): Generator<CsvRow> {
  const content = text.replace(/^\uFEFF/, '');
  const delimiter = delimiterOf(content);
  const field = fieldPattern(delimiter);
  let fields: string[] = [];
  let line = 1;
  let rowLine = 1;
  while (field.lastIndex < content.length || fields.length > 0) {
    const match = field.exec(content);
    if (match === null)
      throw new SourceError(
        `${file}:${line}: a quote is not closed, or stands within a field; double it and quote the field`,
      );
    const [, quoted, plain = '', end = ''] = match;
    fields.push((quoted?.replaceAll('""', '"') ?? plain).trim());
    line += lineEndsIn(quoted ?? '');
    if (end === delimiter) continue;
    if (fields.some((each) => each !== '')) yield { line: rowLine, fields };
    fields = [];
    line += 1;
    rowLine = line;
  }
}

function lineEndsIn(text: string): number {
  return text.match(/\r\n|\r|\n/g)?.length ?? 0;
}

/** The one that the first line has most of. */
function delimiterOf(content: string): string {
  const first = content.split(/[\r\n]/, 1)[0] ?? '';
  const count = (sign: string): number => first.split(sign).length;
  return [',', ';', '\t'].toSorted((a, b) => count(b) - count(a))[0] ?? ',';
}
