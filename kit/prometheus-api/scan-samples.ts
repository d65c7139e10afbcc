import { sampleValue } from './sample-value.ts';

/** Samples that were read, and where the text goes on behind them. */
export interface ScannedSamples {
  readonly timesMs: Float64Array;
  readonly values: Float64Array;
  readonly end: number;
}

/** Exact as doubles, so that one division by them rounds correctly. */
const powersOfTen = Float64Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));
const maxExactDigits = 15;

let times = new Float64Array(1024);
let values = new Float64Array(1024);

/**
 * Reads [[1700000000.123,"1"],…] from `from` on, written without spaces as servers write it. Undefined for any other text. One long function with
 * a few numbers in registers, because this runs for each byte of answers of many megabytes.
 */
// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: twice as slow in parts
export function scanSamples(bytes: Uint8Array, from: number): ScannedSamples | undefined {
  let at = from + 2;
  let count = 0;
  if (bytes[from] !== 0x5b || bytes[from + 1] !== 0x5b) return undefined;
  for (;;) {
    let each = bytes[at] as number;
    let number = 0;
    const timeAt = at;
    while (each >= 0x30 && each <= 0x39) {
      number = number * 10 + (each - 0x30);
      at += 1;
      each = bytes[at] as number;
    }
    let isPlain = at > timeAt && at - timeAt <= 12;
    let decimals = 0;
    if (each === 0x2e) {
      at += 1;
      each = bytes[at] as number;
      while (each >= 0x30 && each <= 0x39) {
        number = number * 10 + (each - 0x30);
        decimals += 1;
        at += 1;
        each = bytes[at] as number;
      }
      isPlain &&= decimals > 0 && decimals <= 3;
    }
    if (!isPlain || each !== 0x2c || bytes[at + 1] !== 0x22) return undefined;
    const timeMs = number * (powersOfTen[3 - decimals] as number);

    const valueAt = at + 2;
    at = valueAt;
    each = bytes[at] as number;
    const isNegative = each === 0x2d;
    if (isNegative) {
      at += 1;
      each = bytes[at] as number;
    }
    const digitsAt = at;
    let dotAt = -1;
    number = 0;
    for (;;) {
      if (each >= 0x30 && each <= 0x39) number = number * 10 + (each - 0x30);
      else if (each === 0x2e && dotAt < 0) dotAt = at;
      else break;
      at += 1;
      each = bytes[at] as number;
    }
    const digits = at - digitsAt - (dotAt < 0 ? 0 : 1);
    if (each === 0x22 && digits > 0 && digits <= maxExactDigits) {
      if (dotAt >= 0) number /= powersOfTen[at - dotAt - 1] as number;
      if (isNegative) number = -number;
    } else {
      while (each !== 0x22) {
        if (each === undefined || each === 0x5c) return undefined;
        at += 1;
        each = bytes[at] as number;
      }
      const value = sampleValue(Buffer.from(bytes.buffer, bytes.byteOffset + valueAt, at - valueAt).toString('latin1'));
      if (value === undefined) return undefined;
      number = value;
    }
    if (bytes[at + 1] !== 0x5d) return undefined;

    if (count === times.length) {
      times = enlarged(times);
      values = enlarged(values);
    }
    times[count] = timeMs;
    values[count] = number;
    count += 1;
    each = bytes[at + 2] as number;
    if (each === 0x2c && bytes[at + 3] === 0x5b) at += 4;
    else if (each === 0x5d) return { timesMs: times.slice(0, count), values: values.slice(0, count), end: at + 3 };
    else return undefined;
  }
}

function enlarged(column: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(column.length * 2);
  larger.set(column);
  return larger;
}
