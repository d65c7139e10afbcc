import { type CsvBounds, type CsvSyntax, createCsvSyntax } from './csv-syntax.ts';
import { detectDelimiter } from './detect-delimiter.ts';

export interface CsvOptions extends Partial<CsvBounds> {
  readonly file: string;
  /** Without it the first line decides between comma, semicolon and tab. */
  readonly delimiter?: string | undefined;
}

const bounds = { maxColumns: 256, maxRecordCharacters: 1024 * 1024 };
const headCharacters = 65_536;

/** Records of CSV whose text comes in pieces of any size, with or without a byte order mark. Holds a piece and a record. Throws CsvError. */
export function createCsvReader({ delimiter, ...options }: CsvOptions): CsvSyntax {
  let head = '';
  let syntax: CsvSyntax | undefined;

  function open(): CsvSyntax {
    head = head.replace(/^\uFEFF/, '');
    const separator = delimiter ?? detectDelimiter(head.slice(0, headCharacters));
    return createCsvSyntax(separator, { ...bounds, ...options });
  }

  return {
    push: (text) => {
      if (syntax !== undefined) return syntax.push(text);
      head += text;
      if (head.length < headCharacters && !head.includes('\n')) return [];
      syntax = open();
      return syntax.push(head);
    },
    end: () => {
      if (syntax !== undefined) return syntax.end();
      syntax = open();
      return [...syntax.push(head), ...syntax.end()];
    },
  };
}
