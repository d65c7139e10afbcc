import type { Ecc, Recovery, Rows } from '../../reading.ts';
import { board } from './board.ts';
import type { Fault } from './scenarios.ts';

/** Errors of the memory, and the rows that are given up for them. A row is remapped at the next reset, for which the driver asks. */
export interface MemoryHealth {
  readonly step: (fault: Fault | undefined) => void;
  readonly ecc: () => Ecc;
  readonly rows: () => Rows;
  readonly recovery: () => Recovery;
}

export function createMemoryHealth(): MemoryHealth {
  let correctable = 0;
  let uncorrectable = 0;
  let remapped = 0;

  return {
    step: ({ correctableErrors = 0, uncorrectableErrors = 0, remappedRows = 0 } = {}) => {
      correctable += correctableErrors;
      uncorrectable += uncorrectableErrors;
      remapped += remappedRows;
    },
    ecc: () => ({
      correctableVolatile: correctable,
      uncorrectableVolatile: uncorrectable,
      correctableAggregate: correctable,
      uncorrectableAggregate: uncorrectable,
    }),
    rows: () => ({
      correctable: 0,
      uncorrectable: remapped,
      pending: remapped > 0,
      failure: false,
      banks: { max: board.banks - remapped, high: remapped, partial: 0, low: 0, none: 0 },
    }),
    recovery: () => ({ action: remapped > 0 ? 'gpu_reset' : 'none' }),
  };
}
