import type { Entity } from '../entity.ts';

/** What is known of an entity now, each as it was read last; undefined where it cannot be read. */
export interface EntityFacts {
  readonly entity: Entity;
  /** ms since 1970. */
  readonly atMs: number;
  /** When it came back into service, or was reset, last: XIDs before it are dealt with. */
  readonly inServiceSinceMs?: number | undefined;
  /** All XIDs of late, in any order. */
  readonly xids?: readonly { readonly code: number; readonly atMs: number }[] | undefined;
  readonly isOffTheBus?: boolean | undefined;
  /** Since when its series are not there though those of other devices of its node are. */
  readonly vanishedSinceMs?: number | undefined;
  /** Share of the scrapes of the last hour that are not there, 0 to 1. */
  readonly missingScrapes?: number | undefined;
  /** False for boards that answer questions about remapping without having it. */
  readonly hasRowRemapping?: boolean | undefined;
  readonly hasRemapFailed?: boolean | undefined;
  readonly isRemapPending?: boolean | undefined;
  /** Rows remapped because of uncorrectable errors, over the life of the board. */
  readonly uncorrectableRemaps?: number | undefined;
  readonly isMemoryUnrepairable?: boolean | undefined;
  readonly isSramThresholdExceeded?: boolean | undefined;
  /** Pages retired for any cause, and those of double-bit errors; boards before Ampere. */
  readonly retiredPages?: number | undefined;
  readonly doubleBitPages?: number | undefined;
  readonly doubleBitPagesOfWeek?: number | undefined;
  readonly isRetirementPending?: boolean | undefined;
}
