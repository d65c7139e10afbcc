import type { Attributes, Identity } from './model/item.ts';
import type { ItemClass } from './model/item-class.ts';
import type { RelationType } from './model/relation-type.ts';
import type { LifecycleState } from './model/state.ts';

/** What a source saw. It says what it sees and decides nothing: `inventory/` finds out which items are meant and what changes. */
export interface Observation {
  readonly items: readonly ObservedItem[];
  /** False if the source saw only part of what it looks at, so that nothing may be taken for missing. */
  readonly isComplete: boolean;
  /** Scopes whose items could not be looked at this time, such as one BMC of many; they are not taken for missing. */
  readonly failedScopes: readonly string[];
  /** What could not be read or made no sense. */
  readonly problems: readonly Problem[];
}

export interface Problem {
  /** Where: a host, a file and line, an object. */
  readonly subject: string;
  readonly reason: string;
}

export interface ObservedItem {
  /** Unique within the observation; relations refer to it. */
  readonly key: string;
  readonly class: ItemClass;
  /** Without one, an item that is new is called by its surest identity. */
  readonly name?: string | undefined;
  /** Only where the source knows of life cycles. */
  readonly state?: LifecycleState | undefined;
  /** Normalised by `model/identity.ts`. At least one, of a kind that the class allows. */
  readonly identities: readonly Identity[];
  readonly attributes: Attributes;
  readonly relations: readonly ObservedRelation[];
  /** What was looked at to see it, for `failedScopes`; empty where the source is looked at as a whole. */
  readonly scope?: string | undefined;
  /** True for what is only mentioned, such as the neighbour in an LLDP table: it is never created, only found. */
  readonly isMention?: boolean | undefined;
}

export interface ObservedRelation {
  readonly type: RelationType;
  /** Key of an item of the same observation, which may be a mention. */
  readonly to: string;
}

/** Something that can be looked at, again and again. */
export interface Source {
  /** As the configuration calls it; claims, metrics and history carry it. */
  readonly name: string;
  readonly type: string;
  /** Looks once. Rejects with a SourceError that names the place and the remedy if nothing could be seen at all. */
  readonly observe: (context: ObserveContext) => Promise<Observation>;
  readonly stop?: () => Promise<void>;
}

export interface ObserveContext {
  readonly signal: AbortSignal;
  /** Told now and then on long work, for people who wait. */
  readonly onProgress: (done: number, total: number) => void;
}
