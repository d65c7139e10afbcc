import type { CheckpointFamily } from './checkpoint-names.ts';

/** A checkpoint as it lies on the disk at one look. */
export interface CheckpointSighting {
  /** The same for all looks. */
  readonly key: string;
  /** Its folder or file; undefined where only a tracker names it. */
  readonly path: string | undefined;
  /** Checkpoints of one folder and one framework follow each other. */
  readonly series: string;
  readonly family: CheckpointFamily;
  readonly step: number | undefined;
  /** When it was complete, by the marker that the framework writes last; undefined while there is none. */
  readonly completeAt: number | undefined;
  /** When its folder changed last. */
  readonly touchedAt: number;
  /** Complete, but written a moment ago by a framework that has no marker. */
  readonly mayGrow: boolean;
}
