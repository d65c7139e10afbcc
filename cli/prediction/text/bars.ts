import type { TextStyle } from '../../training-inspect/text/style.ts';

/** A bar of a share of 0 to 1, `cells` wide; with a mark where another share lies. */
export function bar(share: number, cells: number, { isUnicode }: TextStyle, mark?: number): string {
  const [on, off, at] = isUnicode ? ['█', '░', '◆'] : ['#', '-', 'o'];
  const full = cellOf(share, cells);
  const marked = mark === undefined ? -1 : Math.max(0, Math.min(cells - 1, cellOf(mark, cells) - 1));
  return Array.from({ length: cells }, (_, cell) => (cell === marked ? at : cell < full ? on : off)).join('');
}

/** Whatever is there shows, however little. */
function cellOf(share: number, cells: number): number {
  if (!(share > 0)) return 0;
  return Math.max(1, Math.min(cells, Math.round(share * cells)));
}
