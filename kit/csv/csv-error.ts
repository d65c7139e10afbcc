import { SourceError } from '../errors.ts';

/** What is wrong with the text of a file, and in which line, from 1. */
export class CsvError extends SourceError {
  readonly line: number;
  /** With the column, and without file and line. */
  readonly problem: string;

  constructor({ file, line, problem }: { readonly file: string; readonly line: number; readonly problem: string }) {
    super(`${file}:${line}: ${problem}`);
    this.line = line;
    this.problem = problem;
  }
}
