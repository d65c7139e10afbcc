import { createHash } from 'node:crypto';

/** A checksum over the rows of a table that does not depend on their order: two databases keep them in different ones. */
export interface RowSum {
  readonly add: (line: Buffer) => void;
  readonly rows: () => number;
  readonly value: () => string;
}

const bits = 64;

export function createRowSum(): RowSum {
  let sum = 0n;
  let rows = 0;
  return {
    add: (line) => {
      rows++;
      sum = BigInt.asUintN(bits, sum + createHash('sha1').update(line).digest().readBigUInt64BE(0));
    },
    rows: () => rows,
    value: () => sum.toString(16).padStart(bits / 4, '0'),
  };
}
