import { bytesOfCells, type CellStore, type Cells, newCells, piecesOf, restoreCells, sumOfCells } from '../cells.ts';
import { createDrift, type Drift } from '../drift.ts';
import { createRefractory, type Refractory } from '../refractory.ts';
import type { AnomalySettings } from '../settings.ts';
import { windowMs } from '../settings.ts';
import type { Signal } from '../signals.ts';
import { createTailRatio, type TailRatio } from '../tail-ratio.ts';
import { type AnomalyDetector, anomalyDetectors } from './events.ts';

/** What one entity remembers, in one buffer. */
export interface EntityState {
  readonly store: CellStore;
  readonly tail: Cells;
  readonly drift: Cells;
  readonly refractory: Readonly<Record<AnomalyDetector, Cells>>;
  /** Of the step before: for each detector 1 if the entity deviated, then the peer score of each signal, 0 for none. */
  readonly before: Float64Array;
}

/** The detectors of all entities of a kind: they have the same signals, and so states of the same size. */
export interface KindPrograms {
  readonly tail: TailRatio;
  readonly drift: Drift;
  readonly refractory: Refractory;
  readonly bytesPerEntity: number;
  readonly window: number;
  readonly newState: () => EntityState;
  readonly load: (state: EntityState, saved: Uint8Array) => void;
}

const dayMs = 86_400_000;

export function createPrograms(signals: readonly Signal[], { stepMs, refractoryMs }: AnomalySettings): KindPrograms {
  const floors = signals.map(({ floor }) => floor);
  const window = Math.round(windowMs / stepMs);
  const day = Math.round(dayMs / stepMs);
  const tail = createTailRatio({ floors, window, minimum: 60, tailMinimum: 100 });
  const drift = createDrift({
    floors,
    block: day,
    blockMinimum: Math.ceil(day / 2),
    reference: 28,
    lag: 7,
    referenceMinimum: 7,
  });
  const refractory = createRefractory(Math.round(refractoryMs / stepMs));
  const beforeCells = { f64: anomalyDetectors.length + signals.length };
  const counts = sumOfCells(beforeCells, tail.counts, drift.counts, ...anomalyDetectors.map(() => refractory.counts));
  return {
    tail,
    drift,
    refractory,
    window,
    bytesPerEntity: bytesOfCells(counts),
    newState: () => {
      const store = newCells(counts);
      const piece = piecesOf(store.cells);
      return {
        store,
        before: piece(beforeCells).f64,
        tail: piece(tail.counts),
        drift: piece(drift.counts),
        refractory: {
          tail: piece(refractory.counts),
          peers: piece(refractory.counts),
          drift: piece(refractory.counts),
        },
      };
    },
    load: ({ store }, saved) => restoreCells(store, saved),
  };
}
