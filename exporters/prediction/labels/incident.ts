import type { Entity } from '../entity.ts';

/** Where it was learned from that an entity failed. */
export const incidentSources = ['xid', 'gpu_lost', 'row_remap', 'cmdb', 'ticket'] as const;
export type IncidentSource = (typeof incidentSources)[number];

/** A GPU or node left service because of hardware. Signs of the same failure are one incident. */
export interface Incident {
  readonly entity: Entity;
  /** When the first sign of it was seen; ms since 1970. */
  readonly startMs: number;
  /** When it was back in service; undefined while it is not, or where nobody knows. */
  readonly endMs: number | undefined;
  /** True while it is known not to be over, such as a board that is at its maker. */
  readonly isOpen?: boolean | undefined;
  /** When the last sign of it was seen; that of its start where it is left out. */
  readonly lastSeenMs?: number | undefined;
  /** What it was, in words of a fixed list, such as `xid_79` or `row_remap_failure`. */
  readonly kind: string;
  readonly sources: readonly IncidentSource[];
}

/** Something that happened to an entity and raises its risk, or is a failure. */
export interface RiskEvent {
  readonly entity: Entity;
  readonly atMs: number;
  readonly kind: string;
  /** 1 for an incident, less for a sign that is none by itself. */
  readonly weight: number;
}

/** Of a row of a table and a horizon. `unusable`: its horizon is not over, or the entity was not in service. */
export const labelOf = { quiet: 0, failed: 1, unusable: 255 } as const;
