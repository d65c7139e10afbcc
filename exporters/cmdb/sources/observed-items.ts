import { identitiesOf } from '../model/identity.ts';
import type { AttributeValue, Identity } from '../model/item.ts';
import { type ItemClass, identityKindsOf } from '../model/item-class.ts';
import { isSingle, type RelationType } from '../model/relation-type.ts';
import type { LifecycleState } from '../model/state.ts';
import type { Observation, ObservedItem, ObservedRelation, Problem } from '../observation.ts';
import { cleanText } from './clean-text.ts';
import { resolveLooseNames } from './loose-identities.ts';

const maxItems = 1_000_000;
const maxProblems = 1000;

type Given = readonly (Identity | readonly Identity[] | undefined)[];

export interface ItemDraft {
  readonly key: string;
  readonly class: ItemClass;
  readonly name?: string | undefined;
  readonly state?: LifecycleState | undefined;
  readonly identities?: Given;
  /** Those that count only if no other item of the class has them in this observation. */
  readonly ifUnique?: Given;
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
  readonly ifUnique: readonly Identity[];
  readonly attributes: Readonly<Record<string, AttributeValue>>;
}

interface Tie extends ObservedRelation {
  readonly from: string;
}

export function createObservedItems(): ObservedItems {
  const held = new Map<string, Held>();
  const ties = new Map<string, Tie>();
  const failedScopes = new Set<string>();
  const problems: Problem[] = [];
  let unlisted = 0;
  let isCut = false;

  function problem(subject: string, reason: string): void {
    if (problems.length >= maxProblems) unlisted += 1;
    else problems.push({ subject: cleanText(subject) ?? 'unnamed', reason: cleanText(reason) ?? 'unknown' });
  }

  function add(draft: ItemDraft): string {
    const before = held.get(draft.key);
    if (before === undefined && held.size >= maxItems) {
      if (!isCut) problem('all', `more than ${maxItems} items; the rest is left out`);
      isCut = true;
      return draft.key;
    }
    held.set(draft.key, before === undefined ? toHeld(draft) : merged(before, toHeld(draft)));
    return draft.key;
  }

  function relate(from: string, type: RelationType, to: string | undefined): void {
    if (to !== undefined) ties.set(`${from}\n${type}\n${to}`, { from, type, to });
  }

  function observation(isComplete: boolean): Observation {
    const { known, aliases } = settle(held, problem);
    const relations = relationsOf(known, aliases, ties.values(), problem);
    const items = [...known].map(([key, each]) => toObserved(each, relations.get(key) ?? []));
    if (unlisted > 0) problems.push({ subject: 'all', reason: `${unlisted} more problems are not listed` });
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

type Report = ObservedItems['problem'];
type Aliases = ReadonlyMap<string, string>;

/** Gives names that several items may have to the one that they tell; then what is known by nothing is left out. */
function settle(
  held: ReadonlyMap<string, Held>,
  problem: Report,
): { known: ReadonlyMap<string, Held>; aliases: Aliases } {
  const named = [...held].map(([key, { draft, identities, ifUnique }]) => ({
    key,
    class: draft.class,
    hasOwn: identities.length > 0,
    ifUnique,
  }));
  const { kept, aliases, ambiguous } = resolveLooseNames(named);
  const known = new Map<string, Held>();
  for (const [key, each] of held) {
    const identities = identitiesOf(each.identities, kept.get(key));
    if (identities.length > 0) known.set(key, { ...each, identities });
    else if (ambiguous.has(key)) problem(key, 'several items have this name; say in which site, room or rack it is');
    else if (!aliases.has(key))
      problem(key, 'has nothing that tells it from others: no name, serial number or address');
  }
  for (const [alias, key] of aliases) {
    const [meant, other] = [known.get(key), held.get(alias)];
    if (meant !== undefined && other !== undefined) known.set(key, merged(meant, other));
  }
  return { known, aliases };
}

/** By the item where they begin: those that lead somewhere, and of a type that an item can have once, the first. */
function relationsOf(
  known: ReadonlyMap<string, Held>,
  aliases: Aliases,
  ties: Iterable<Tie>,
  problem: Report,
): ReadonlyMap<string, readonly ObservedRelation[]> {
  const relations = new Map<string, ObservedRelation[]>();
  for (const tie of ties) {
    const from = aliases.get(tie.from) ?? tie.from;
    const relation = { type: tie.type, to: aliases.get(tie.to) ?? tie.to };
    const item = known.get(from);
    if (item === undefined || from === relation.to || !known.has(relation.to)) continue;
    const before = relations.get(from) ?? [];
    relations.set(from, before);
    const rival = rivalOf(relation, before, item.draft.class);
    if (rival === undefined) before.push(relation);
    else if (rival.to !== relation.to)
      problem(from, `is seen ${relation.type} both ${rival.to} and ${relation.to}; the first is taken`);
  }
  return relations;
}

function rivalOf(relation: ObservedRelation, before: readonly ObservedRelation[], itemClass: ItemClass) {
  const alike = before.filter(({ type }) => type === relation.type);
  return isSingle(relation.type, itemClass) ? alike[0] : alike.find(({ to }) => to === relation.to);
}

function toHeld(draft: ItemDraft): Held {
  const allowed = identityKindsOf(draft.class);
  const allowedOf = (given: Given = []): readonly Identity[] =>
    identitiesOf(...given).flatMap(({ kind, value }) => {
      const clean = cleanText(value);
      return clean === undefined || !allowed.includes(kind) ? [] : [{ kind, value: clean }];
    });
  const attributes = Object.entries(draft.attributes ?? {}).flatMap(([key, value]) => {
    const clean = cleanValue(value);
    return clean === undefined ? [] : [[key, clean] as const];
  });
  return {
    draft,
    identities: allowedOf(draft.identities),
    ifUnique: allowedOf(draft.ifUnique),
    attributes: Object.fromEntries(attributes),
  };
}

function merged(before: Held, after: Held): Held {
  const { draft } = before;
  if (tellsNothingNew(before, after)) return before;
  return {
    draft: {
      ...draft,
      name: draft.name ?? after.draft.name,
      state: draft.state ?? after.draft.state,
      scope: draft.scope ?? after.draft.scope,
      isMention: draft.isMention === true && after.draft.isMention === true,
    },
    identities: identitiesOf(before.identities, after.identities),
    ifUnique: identitiesOf(before.ifUnique, after.ifUnique),
    attributes: { ...after.attributes, ...before.attributes },
  };
}

/** What a database and a JSON answer can hold. */
function cleanValue(value: AttributeValue | undefined): AttributeValue | undefined {
  if (typeof value === 'string') return cleanText(value);
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  return typeof value === 'object' ? value.flatMap((each) => cleanText(each) ?? []) : value;
}

/** As racks and tenants are told again by each machine. */
function tellsNothingNew(before: Held, after: Held): boolean {
  const isIn = (known: readonly Identity[]) => (given: Identity) =>
    known.some(({ kind, value }) => kind === given.kind && value === given.value);
  return (
    (before.draft.name !== undefined || after.draft.name === undefined) &&
    (before.draft.state !== undefined || after.draft.state === undefined) &&
    (before.draft.scope !== undefined || after.draft.scope === undefined) &&
    before.draft.isMention === after.draft.isMention &&
    after.identities.every(isIn(before.identities)) &&
    after.ifUnique.every(isIn(before.ifUnique)) &&
    Object.keys(after.attributes).every((key) => Object.hasOwn(before.attributes, key))
  );
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
