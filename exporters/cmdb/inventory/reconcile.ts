import { type ItemClass, isVolatile } from '../model/item-class.ts';
import type { Observation } from '../observation.ts';
import { type ClaimContent, type ClaimedRelation, fingerprintOf } from './claim.ts';
import { withoutCycles } from './cycles.ts';
import { distinctThings, type Thing } from './distinct-things.ts';
import type { Finding } from './finding.ts';
import type { Inventory } from './inventory.ts';
import { matchThings } from './match-things.ts';
import { type AttributeCheck, sanitized } from './sanitize.ts';

/** What is known of a claim without its content. */
export interface ClaimHead {
  readonly fingerprint: string;
  readonly scope: string;
  readonly missingSince: number | undefined;
}

export interface ReconcileInput {
  readonly inventory: Inventory;
  /** Claims of the source by item. */
  readonly claims: ReadonlyMap<number, ClaimHead>;
  readonly observation: Observation;
  /** False if what is not known is to be listed instead of added. */
  readonly mayCreate: boolean;
  /** Share of the items that the source saw last which may be gone at once; Infinity for any. */
  readonly maxMissingRatio: number;
  readonly check: AttributeCheck;
}

/** What a look changes. New items have negative numbers until they are written. */
export interface Plan {
  readonly created: readonly { readonly id: number; readonly class: ItemClass; readonly content: ClaimContent }[];
  /** Claims that are new or say something else. */
  readonly updated: readonly { readonly id: number; readonly content: ClaimContent }[];
  /** Items that the source sees as before. */
  readonly unchanged: readonly number[];
  /** Those of `updated` and `unchanged` that the source had stopped seeing. */
  readonly returned: readonly number[];
  /** Items that the source sees no more. */
  readonly missing: readonly number[];
  readonly findings: readonly Finding[];
}

export interface Reconciled {
  readonly plan: Plan;
  /** Why the plan must not be carried out; undefined if it may. */
  readonly refusal: string | undefined;
}

/** So few may always be gone, or a fleet of five could never lose one. */
const alwaysAllowed = 5;
const maxFindings = 5000;

/** Finds out what an observation means for the inventory. Pure; nothing is written. */
export function reconcile({
  inventory,
  claims,
  observation,
  mayCreate,
  maxMissingRatio,
  check,
}: ReconcileInput): Reconciled {
  const checked = observation.items.map((item) => sanitized(item, check));
  const distinct = distinctThings(checked.flatMap(({ item }) => item ?? []));
  const matches = matchThings(distinct.things, inventory);
  const findings = [...checked.flatMap((each) => each.findings), ...distinct.findings, ...matches.findings];
  const idOfKey = new Map<string, number>();
  const kept: { readonly id: number; readonly thing: Thing }[] = [];
  for (const [index, thing] of distinct.things.entries()) {
    const known = matches.items.get(index)?.id;
    const isMention = thing.item.isMention === true;
    const id = known ?? (isMention || !mayCreate ? undefined : -1 - kept.length);
    if (id === undefined) {
      findings.push(unknown(thing));
      continue;
    }
    for (const key of thing.keys) idOfKey.set(key, id);
    if (!isMention) kept.push({ id, thing });
  }
  const contents = withoutCycles(
    kept.map(({ id, thing }) => ({ id, class: thing.item.class, content: contentOf(id, thing, idOfKey) })),
    inventory,
    (finding) => findings.push(finding),
  );
  const plan = planOf(contents, claims, missingOf(contents, claims, observation), findings.slice(0, maxFindings));
  return { plan, refusal: refusalOf(plan, claims, inventory, maxMissingRatio) };
}

interface Content {
  readonly id: number;
  readonly class: ItemClass;
  readonly content: ClaimContent;
}

function contentOf(id: number, { item }: Thing, idOfKey: ReadonlyMap<string, number>): ClaimContent {
  const relations = new Map<string, ClaimedRelation>();
  for (const { type, to } of item.relations) {
    const target = idOfKey.get(to);
    if (target !== undefined && target !== id) relations.set(`${type} ${target}`, { type, to: target });
  }
  return {
    name: item.name,
    state: item.state,
    attributes: item.attributes,
    identities: item.identities,
    relations: [...relations.values()],
    scope: item.scope ?? '',
  };
}

function planOf(
  contents: readonly Content[],
  claims: ReadonlyMap<number, ClaimHead>,
  missing: readonly number[],
  findings: readonly Finding[],
): Plan {
  const known = contents.filter(({ id }) => id > 0);
  const isSame = ({ id, content }: Content): boolean => {
    const claim = claims.get(id);
    // A relation to an item that is new is new itself.
    return (
      claim !== undefined && content.relations.every(({ to }) => to > 0) && claim.fingerprint === fingerprintOf(content)
    );
  };
  const updated: Content[] = [];
  const unchanged: number[] = [];
  for (const each of known) {
    if (isSame(each)) unchanged.push(each.id);
    else updated.push(each);
  }
  return {
    created: contents.filter(({ id }) => id < 0),
    updated,
    unchanged,
    returned: known.filter(({ id }) => claims.get(id)?.missingSince !== undefined).map(({ id }) => id),
    missing,
    findings,
  };
}

function missingOf(
  contents: readonly Content[],
  claims: ReadonlyMap<number, ClaimHead>,
  { isComplete, failedScopes }: Observation,
): readonly number[] {
  if (!isComplete) return [];
  const seen = new Set(contents.map(({ id }) => id));
  const failed = new Set(failedScopes);
  return [...claims]
    .filter(([id, { scope, missingSince }]) => missingSince === undefined && !seen.has(id) && !failed.has(scope))
    .map(([id]) => id);
}

/** What comes and goes by itself, such as applications, may go in any number. */
function refusalOf(
  { missing }: Plan,
  claims: ReadonlyMap<number, ClaimHead>,
  inventory: Inventory,
  maxMissingRatio: number,
): string | undefined {
  const isLasting = (id: number): boolean => {
    const item = inventory.item(id);
    return item !== undefined && !isVolatile(item.class);
  };
  const gone = missing.filter(isLasting).length;
  if (gone <= alwaysAllowed) return undefined;
  const before = [...claims].filter(([id, { missingSince }]) => missingSince === undefined && isLasting(id)).length;
  if (gone <= before * maxMissingRatio) return undefined;
  return `it sees ${before - gone} of the ${before} items that it saw before; losing ${gone} at once is more than the ${Math.round(maxMissingRatio * 100)} % that max_missing allows, so nothing is taken over`;
}

function unknown({ item }: Thing): Finding {
  const identities = item.identities.map(({ kind, value }) => `${kind} ${value}`).join(', ');
  return {
    kind: 'unknown',
    subject: `${item.class} ${item.name ?? item.identities[0]?.value ?? item.key}`,
    reason: `it is not in the inventory (${identities})`,
  };
}
