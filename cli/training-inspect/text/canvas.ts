/** Dots that become characters, several in each where the terminal knows Braille. Row 0 is at the top. */
export interface Canvas {
  readonly dots: { readonly columns: number; readonly rows: number };
  /** Draws from one dot to another in the same column. */
  readonly column: (x: number, from: number, to: number) => void;
  /** Draws a straight line. */
  readonly line: (x0: number, y0: number, x1: number, y1: number) => void;
  /** Puts a character in the place of the one that has the dot. */
  readonly mark: (x: number, y: number, character: string) => void;
  readonly lines: () => readonly string[];
}

interface Settings {
  readonly width: number;
  readonly height: number;
  readonly isUnicode: boolean;
}

/** Bits of U+2800 by column and row within one character. */
const braille = [
  [0x01, 0x02, 0x04, 0x40],
  [0x08, 0x10, 0x20, 0x80],
] as const;

export function createCanvas({ width, height, isUnicode }: Settings): Canvas {
  const cell = isUnicode ? { columns: 2, rows: 4 } : { columns: 1, rows: 1 };
  const bits = new Uint8Array(width * height);
  const marks = new Map<number, string>();

  function cellOf(x: number, y: number): number {
    return Math.floor(y / cell.rows) * width + Math.floor(x / cell.columns);
  }

  function dot(x: number, y: number): void {
    const at = cellOf(x, y);
    const bit = isUnicode ? (braille[x % 2 === 0 ? 0 : 1][y % 4] ?? 0) : 1;
    bits[at] = (bits[at] ?? 0) | bit;
  }

  function column(x: number, from: number, to: number): void {
    for (let y = Math.min(from, to); y <= Math.max(from, to); y++) dot(x, y);
  }

  return {
    dots: { columns: width * cell.columns, rows: height * cell.rows },
    column,
    line: (x0, y0, x1, y1) => {
      let last = y0;
      for (let x = x0 + 1; x <= x1; x++) {
        const y = Math.round(y0 + ((y1 - y0) * (x - x0)) / (x1 - x0));
        // A steep line has several dots in a column, the first beside the last of the column before.
        column(x, y > last ? Math.min(last + 1, y) : y < last ? Math.max(last - 1, y) : y, y);
        last = y;
      }
    },
    mark: (x, y, character) => void marks.set(cellOf(x, y), character),
    lines: () =>
      Array.from({ length: height }, (_, row) =>
        Array.from({ length: width }, (__, at) => {
          const index = row * width + at;
          return marks.get(index) ?? characterOf(bits[index] ?? 0, isUnicode);
        })
          .join('')
          .trimEnd(),
      ),
  };
}

function characterOf(bits: number, isUnicode: boolean): string {
  if (bits === 0) return ' ';
  return isUnicode ? String.fromCodePoint(0x2800 + bits) : '*';
}
