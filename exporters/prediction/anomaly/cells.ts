import { SourceError } from '../../../kit/errors.ts';

/** How many numbers of each width a part keeps as its state. */
export interface CellCounts {
  readonly f64?: number;
  readonly f32?: number;
  readonly u16?: number;
  readonly u8?: number;
}

/** All that a detector remembers. Nothing of its state is elsewhere, so a copy of the bytes is a copy of the detector. */
export interface Cells {
  readonly f64: Float64Array;
  readonly f32: Float32Array;
  readonly u16: Uint16Array;
  readonly u8: Uint8Array;
}

/** Cells in one buffer, whose bytes are the state to be saved. */
export interface CellStore {
  readonly bytes: Uint8Array;
  readonly cells: Cells;
}

export function sumOfCells(...parts: readonly CellCounts[]): Required<CellCounts> {
  const sum = { f64: 0, f32: 0, u16: 0, u8: 0 };
  for (const { f64 = 0, f32 = 0, u16 = 0, u8 = 0 } of parts) {
    sum.f64 += f64;
    sum.f32 += f32;
    sum.u16 += u16;
    sum.u8 += u8;
  }
  return sum;
}

export function bytesOfCells({ f64 = 0, f32 = 0, u16 = 0, u8 = 0 }: CellCounts): number {
  return f64 * 8 + f32 * 4 + u16 * 2 + u8;
}

/** Zeros in one buffer, widest first, so that each width is aligned. */
export function newCells(counts: CellCounts): CellStore {
  const { f64 = 0, f32 = 0, u16 = 0, u8 = 0 } = counts;
  const buffer = new ArrayBuffer(bytesOfCells(counts));
  const from32 = f64 * 8;
  const from16 = from32 + f32 * 4;
  const cells = {
    f64: new Float64Array(buffer, 0, f64),
    f32: new Float32Array(buffer, from32, f32),
    u16: new Uint16Array(buffer, from16, u16),
    u8: new Uint8Array(buffer, from16 + u16 * 2, u8),
  };
  return { bytes: new Uint8Array(buffer), cells };
}

/** Gives out cells piece after piece, each once. */
export function piecesOf(cells: Cells): (counts: CellCounts) => Cells {
  let taken = sumOfCells();
  return (counts) => {
    const end = sumOfCells(taken, counts);
    const piece = {
      f64: cells.f64.subarray(taken.f64, end.f64),
      f32: cells.f32.subarray(taken.f32, end.f32),
      u16: cells.u16.subarray(taken.u16, end.u16),
      u8: cells.u8.subarray(taken.u8, end.u8),
    };
    taken = end;
    return piece;
  };
}

/** Puts saved bytes back. The numbers are little-endian, as on every machine that this runs on. */
export function restoreCells({ bytes }: CellStore, saved: Uint8Array): void {
  if (saved.length !== bytes.length)
    throw new SourceError(
      `the saved state of a detector has ${saved.length} bytes instead of ${bytes.length}: it was saved with other settings; delete it, and the detector warms up again`,
    );
  bytes.set(saved);
}
