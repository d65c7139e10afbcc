import type { Question } from '../../../services/ask';
import { type ItemRef, readItemRef } from './item-ref';
import { type Json, listIn, maybeText, recordOf, textIn, textsIn } from './json';

export type AttributeValue = string | number | boolean | readonly string[];

export interface Identity {
  readonly kind: string;
  readonly value: string;
}

/** Sources that disagree about something. */
export interface Conflict {
  readonly about: string;
  readonly said: ReadonlyArray<readonly [source: string, value: string]>;
}

export interface Item extends ItemRef {
  readonly attributes: Readonly<Record<string, AttributeValue>>;
  /** Which source each attribute comes from. */
  readonly origins: Readonly<Record<string, string>>;
  readonly identities: readonly Identity[];
  readonly conflicts: readonly Conflict[];
  readonly createdAt: string | undefined;
  readonly changedAt: string | undefined;
  readonly lastSeen: string | undefined;
  /** Since when no source has seen it. */
  readonly missingSince: string | undefined;
}

export function readItem(value: unknown): Item {
  const from = recordOf(value, 'the item');
  return {
    ...readItemRef(from),
    attributes: attributesIn(from),
    origins: textsIn(from, 'origins'),
    identities: listIn(from, 'identities', readIdentity),
    conflicts: listIn(from, 'conflicts', readConflict),
    createdAt: maybeText(from, 'created_at'),
    changedAt: maybeText(from, 'changed_at'),
    lastSeen: maybeText(from, 'last_seen'),
    missingSince: maybeText(from, 'missing_since'),
  };
}

export function itemQuestion(id: number): Question<Item> {
  return { service: 'cmdb', path: `/api/v1/items/${id}`, read: readItem };
}

function attributesIn(from: Json): Item['attributes'] {
  const attributes = recordOf(from.attributes ?? {}, 'attributes');
  return Object.fromEntries(
    Object.entries(attributes).filter((entry): entry is [string, AttributeValue] => isAttributeValue(entry[1])),
  );
}

function isAttributeValue(value: unknown): value is AttributeValue {
  if (Array.isArray(value)) return value.every((each) => typeof each === 'string');
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

function readIdentity(value: unknown): Identity {
  const from = recordOf(value, 'an identity');
  return { kind: textIn(from, 'kind'), value: textIn(from, 'value') };
}

function readConflict(value: unknown): Conflict {
  const from = recordOf(value, 'a conflict');
  const said = Object.entries(recordOf(from.said ?? {}, 'said')).map(
    ([source, what]) => [source, String(what)] as const,
  );
  return { about: textIn(from, 'about'), said };
}
