import type { EntityKind } from '../../entity.ts';

/** What the entities of a product lived through. */
export interface Exposure {
  readonly kind: EntityKind;
  readonly product: string;
  /** In service. */
  readonly entityDays: number;
  readonly failures: number;
}
