import type { Entity } from '../entity.ts';
import type { IncidentSource } from './incident.ts';

/** One source says that an entity failed. Several signs make an incident. */
export interface FailureSign {
  readonly entity: Entity;
  /** ms since 1970. */
  readonly startMs: number;
  /** When it was back in service; Infinity while it is known not to be; undefined where nobody knows. */
  readonly endMs: number | undefined;
  /** In words of a fixed list, such as `xid_79`. */
  readonly kind: string;
  readonly source: IncidentSource;
}

/** What was read, and in words what of it makes no sense and was left out. */
export interface Signs {
  readonly signs: readonly FailureSign[];
  readonly problems: readonly string[];
}
