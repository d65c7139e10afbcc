import { wrap } from '../../kit/wrap.ts';
import { columnsOf, fitted, padded } from '../training-inspect/text/safe-text.ts';
import { painted, safe, type TextStyle } from '../training-inspect/text/style.ts';

export interface Column<Row> {
  readonly title: string;
  readonly of: (row: Row) => string;
  /** Numbers stand at the right end. */
  readonly isNumber?: boolean;
}

const gap = '  ';
const least = 6;
/** Room that a text behind the columns has at least. */
const leastText = 30;

/** Columns that fit the width; those in which nothing stands are left out, and the widest become narrower first. */
export function textTable<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  style: TextStyle,
): readonly string[] {
  const cells = columns.map((column) => ({ ...column, texts: rows.map((row) => safe(column.of(row), style)) }));
  const filled = cells.filter(({ texts }) => texts.some((text) => text !== ''));
  const widths = narrowed(
    filled.map(({ title, texts }) => Math.max(columnsOf(title), ...texts.map(columnsOf))),
    style.width - gap.length * (filled.length - 1),
  );
  const line = (texts: readonly string[]): string =>
    texts
      .map((text, index) => {
        const width = widths[index] ?? 0;
        const short = fitted(text, width, style.isUnicode);
        const isNumber = filled[index]?.isNumber === true;
        return isNumber ? ' '.repeat(Math.max(0, width - columnsOf(short))) + short : padded(short, width);
      })
      .join(gap)
      .trimEnd();
  const head = painted(line(filled.map(({ title }) => title)), 'dim', style);
  return [head, ...rows.map((_, row) => line(filled.map(({ texts }) => texts[row] ?? '')))];
}

function narrowed(widths: readonly number[], room: number): readonly number[] {
  const result = [...widths];
  for (let over = result.reduce((sum, width) => sum + width, 0) - room; over > 0; over--) {
    const widest = Math.max(...result);
    if (widest <= least) break;
    result[result.indexOf(widest)] = widest - 1;
  }
  return result;
}

/** As `textTable`, with a text behind each row that may take several lines and loses nothing. */
export function tableWithText<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  { title, of }: Column<Row>,
  style: TextStyle,
): readonly string[] {
  const [head = '', ...lines] = textTable(rows, columns, { ...style, colour: false, width: style.width - leastText });
  const width = Math.max(columnsOf(head), ...lines.map(columnsOf)) + gap.length;
  const indent = ' '.repeat(width);
  return [
    painted(padded(head, width) + title, 'dim', style),
    ...rows.flatMap((row, index) => {
      const [first = '', ...rest] = wrap(safe(of(row), style), { indent, width: style.width });
      return [padded(lines[index] ?? '', width) + first.trimStart(), ...rest];
    }),
  ];
}
