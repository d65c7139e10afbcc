import type { AttributeValue, Identity } from '../../model/item.ts';
import type { ItemClass } from '../../model/item-class.ts';
import type { RelationType } from '../../model/relation-type.ts';
import type { LifecycleState } from '../../model/state.ts';

/** What a row of a CSV file or an entry of a YAML file says, read and checked. */
export interface ItemRecord {
  /** File and line, for problems. */
  readonly where: string;
  readonly class: ItemClass;
  readonly name: string | undefined;
  readonly state: LifecycleState | undefined;
  readonly attributes: Readonly<Record<string, AttributeValue>>;
  /** Those that are written out, as an export does. */
  readonly identities: readonly Identity[];
  readonly links: readonly Link[];
  readonly place: Place;
  /** Of what it is a part. */
  readonly parent: string | undefined;
  /** Where its cable ends. */
  readonly port: { readonly switch: string; readonly port: string } | undefined;
}

export interface Link {
  readonly type: RelationType;
  readonly class: ItemClass;
  readonly name: string;
  /** Where it is told by one rather than by its name. */
  readonly identity?: Identity | undefined;
}

export interface Place {
  readonly site: string | undefined;
  readonly room: string | undefined;
  readonly rack: string | undefined;
}
