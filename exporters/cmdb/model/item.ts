import type { IdentityKind, ItemClass } from './item-class.ts';
import type { RelationType } from './relation-type.ts';
import type { LifecycleState } from './state.ts';

export type AttributeValue = string | number | boolean | readonly string[];
/** Keys are words of lower-case letters, digits and _; the well-known ones are in `attributes.ts`. */
export type Attributes = Readonly<Record<string, AttributeValue>>;

export interface Identity {
  readonly kind: IdentityKind;
  /** Normalised, see `identity.ts`. */
  readonly value: string;
}

/** A configuration item as it is after all that the sources say has been weighed. */
export interface Item {
  readonly id: number;
  readonly class: ItemClass;
  /** For people; it need not be unique. */
  readonly name: string;
  readonly state: LifecycleState;
  readonly attributes: Attributes;
  /** Which source each attribute comes from, `name` and `state` among them. */
  readonly origins: Readonly<Record<string, string>>;
  readonly identities: readonly Identity[];
  /** Where sources say different things that ought to agree. */
  readonly conflicts: readonly Conflict[];
  /** Counts the changes; whoever writes says which one they saw. */
  readonly version: number;
  /** Unix seconds. */
  readonly createdAt: number;
  readonly changedAt: number;
}

/** Sources that disagree about an attribute, or about where the item is. */
export interface Conflict {
  /** Name of the attribute, or the type of a relation. */
  readonly about: string;
  /** What each source says; for a relation the number of the item. */
  readonly said: Readonly<Record<string, AttributeValue>>;
}

/** What is true from `validFrom` until `validTo`, both Unix seconds; undefined while it lasts. */
export interface Relation {
  readonly id: number;
  readonly type: RelationType;
  readonly from: number;
  readonly to: number;
  /** Name of the source that says so. */
  readonly source: string;
  readonly validFrom: number;
  readonly validTo: number | undefined;
}
