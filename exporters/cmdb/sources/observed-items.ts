import { identitiesOf } from '../model/identity.ts';
import type { AttributeValue, Identity } from '../model/item.ts';
import { type ItemClass, identityKindsOf } from '../model/item-class.ts';
import { isSingle, type RelationType } from '../model/relation-type.ts';
import type { LifecycleState } from '../model/state.ts';
import type { Observation, ObservedItem, ObservedRelation, Problem } from '../observation.ts';
import { cleanText } from './clean-text.ts';

const maxItems = 1_000_000;
const maxProblems = 1000;

export interface ItemDraft {
  readonly key: string;
  readonly class: ItemClass;
  readonly name?: string | undefined;
  readonly state?: LifecycleState | undefined;
  readonly identities?: readonly (Identity | readonly Identity[] | undefined)[];
  readonly attributes?: Readonly<Record<string, AttributeValue | undefined>>;
  readonly scope?: string | undefined;
  readonly isMention?: boolean | undefined;
}

/** Gathers what a source sees. The same key twice is one item; what was said first stands. */
export interface ObservedItems {
  readonly size: number;
  /** Returns the key, for relations. */
  add(draft: ItemDraft): string;
  has(key: string): boolean;
  /** Either end may be added later; a relation to what is never added is left out. */
  relate(from: string, type: RelationType, to: string | undefined): void;
  problem(subject: string, reason: string): void;
  failScope(scope: string, reason: string): void;
  observation(isComplete: boolean): Observation;
}

interface Held {
  readonly draft: ItemDraft;
  readonly identities: readonly Identity[];
  readonly attributes: Record<string, AttributeValue>;
}

export function createObservedItems(): ObservedItems {
  const held = new Map<string, Held>();
  const relations = new Map<string, ObservedRelation[]>();
  const failedScopes = new Set<string>();
  const problems: Problem[] = [];
  let leftOut = 0;

  function problem(subject: string, reason: string): void {
    if (problems.length < maxProblems)
      problems.push({ subject: cleanText(subject) ?? 'unnamed', reason: cleanText(reason) ?? 'unknown' });
    else leftOut += 1;
  }

  function add(draft: ItemDraft): string {
    const before = held.get(draft.key);
    if (before === undefined && held.size >= maxItems) {
      if (!failedScopes.has('')) problem('all', `more than ${maxItems} items; the rest is left out`);
      failedScopes.add('');
      return draft.key;
    }
    held.set(draft.key, before === undefined ? toHeld(draft) : merged(before, toHeld(draft)));
    return draft.key;
  }

  function relate(from: string, type: RelationType, to: string | undefined): void {
    if (to === undefined || to === from) return;
    const known = relations.get(from) ?? [];
    relations.set(from, known);
    if (!known.some((relation) => relation.type === type && relation.to === to)) known.push({ type, to });
  }

  /** Those that lead somewhere; of a type that an item can have once, the first. */
  function relationsOf(key: string, { draft }: Held): readonly ObservedRelation[] {
    const kept: ObservedRelation[] = [];
    for (const relation of relations.get(key) ?? []) {
      if (!held.has(relation.to)) continue;
      const rival = isSingle(relation.type, draft.class) && kept.find(({ type }) => type === relation.type);
      if (!rival) kept.push(relation);
      else problem(key, `is seen ${relation.type} both ${rival.to} and ${relation.to}; the first is taken`);
    }
    return kept;
  }

  function observation(isComplete: boolean): Observation {
    const nameless = [...held].filter(([, { identities }]) => identities.length === 0);
    for (const [key] of nameless) {
      held.delete(key);
      problem(key, 'has nothing that tells it from others: no name, serial number, UUID or address');
    }
    const items = [...held].map(([key, each]) => toObserved(each, relationsOf(key, each)));
    if (leftOut > 0) problems.push({ subject: 'all', reason: `${leftOut} more problems are not listed` });
    const isCut = failedScopes.delete('');
    return { items, isComplete: isComplete && !isCut, failedScopes: [...failedScopes], problems };
  }

  return {
    get size() {
      return held.size;
    },
    add,
    has: (key) => held.has(key),
    relate,
    problem,
    failScope: (scope, reason) => {
      failedScopes.add(scope);
      problem(scope, reason);
    },
    observation,
  };
}

function toHeld(draft: ItemDraft): Held {
  const allowed = identityKindsOf(draft.class);
  const attributes: Record<string, AttributeValue> = {};
  for (const [key, value] of Object.entries(draft.attributes ?? {})) {
    const clean = typeof value === 'string' ? cleanText(value) : value;
    if (clean !== undefined) attributes[key] = clean;
  }
  return {
    draft,
    identities: identitiesOf(...(draft.identities ?? [])).filter(({ kind }) => allowed.includes(kind)),
    attributes,
  };
}

function merged(before: Held, after: Held): Held {
  const { draft } = before;
  return {
    draft: {
      ...draft,
      name: draft.name ?? after.draft.name,
      state: draft.state ?? after.draft.state,
      scope: draft.scope ?? after.draft.scope,
      isMention: draft.isMention === true && after.draft.isMention === true,
    },
    identities: identitiesOf(before.identities, after.identities),
    attributes: { ...after.attributes, ...before.attributes },
  };
}

function toObserved({ draft, identities, attributes }: Held, relations: readonly ObservedRelation[]): ObservedItem {
  const name = cleanText(draft.name);
  return {
    key: draft.key,
    class: draft.class,
    ...(name === undefined ? {} : { name }),
    ...(draft.state === undefined ? {} : { state: draft.state }),
    identities,
    attributes,
    relations,
    ...(draft.scope === undefined ? {} : { scope: draft.scope }),
    ...(draft.isMention === true ? { isMention: true } : {}),
  };
}
