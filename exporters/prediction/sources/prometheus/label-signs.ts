import type { Entity } from '../../entity.ts';
import type { StateRecord } from './read-states.ts';

/** XID errors that a sample showed for the first time. */
export interface XidRecord {
  readonly entity: Entity;
  /** ms since 1970; of the sample. */
  readonly atMs: number;
  readonly code: number;
  /** How often it was reported since the sample before. */
  readonly count: number;
}

/** A GPU that could not be seen for a while. */
export interface AbsenceRecord {
  readonly entity: Entity;
  /** Of the first scrape without it. */
  readonly fromMs: number;
  /** Of the first sample that shows it again; undefined while there is none. */
  readonly untilMs: number | undefined;
  /** `off_the_bus`: gpu_up is 0. `vanished`: its series ended while its exporter answered. */
  readonly how: 'off_the_bus' | 'vanished';
}

/** A change of `gpu_row_remap_failure`, or what it was when it was seen first. */
export interface RemapRecord {
  readonly entity: Entity;
  readonly atMs: number;
  readonly hasFailed: boolean;
}

/** All ascend by time. */
export interface LabelSigns {
  readonly xids: readonly XidRecord[];
  readonly absences: readonly AbsenceRecord[];
  readonly remaps: readonly RemapRecord[];
  readonly states: readonly StateRecord[];
}
