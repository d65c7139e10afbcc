import { holdsAt } from '../pricing/read-values.ts';
import type { Span } from '../span.ts';
import { wholeShare } from '../usage.ts';
import { compareRules, fieldOfUsage, type OwnerRule, type UsagePlace } from './owner-rule.ts';
import type { TenantsConfig } from './read-tenants.ts';
import { type Attribution, type Tenant, type TenantDirectory, unattributedTenant } from './tenant-directory.ts';

/** Rules by the value that one of their matchers must have; the rest has only patterns. */
interface RuleIndex {
  readonly byField: ReadonlyMap<string, ReadonlyMap<string, readonly OwnerRule[]>>;
  readonly rest: readonly OwnerRule[];
}

/** Distinct holders that are remembered. */
const maxRemembered = 200_000;
/** What tells rules apart best comes first. */
const indexOrder = ['namespace', 'tenant', 'account', 'user_id', 'job_id', 'resource', 'node'];

const nobody: readonly Attribution[] = Object.freeze([
  Object.freeze({ tenant: unattributedTenant, costCentre: unattributedTenant, share: wholeShare, by: '' }),
]);

/** Bills show it last, in the currency of the price book. */
function unattributed({ currency, timeZone }: TenantsConfig): Tenant {
  return { name: unattributedTenant, title: 'Unattributed', costCentre: unattributedTenant, timeZone, currency };
}

/** Its tenants end with `unattributed`. */
export function createTenantDirectory(config: TenantsConfig): TenantDirectory {
  const { rules } = config;
  const index = indexOf(rules);
  const order = new Map(rules.map((rule, at) => [rule, at]));
  const fields = [...new Set(rules.flatMap(({ matchers }) => matchers.map(({ field }) => field)))].sort();
  const remembered = new Map<string, readonly OwnerRule[]>();
  const contested = new Map<OwnerRule, Map<string, readonly Attribution[]>>();

  function rulesFor(usage: UsagePlace): readonly OwnerRule[] {
    const key = fields.map((field) => fieldOfUsage(usage, field)).join('\0');
    const found = remembered.get(key);
    if (found !== undefined) return found;
    const matching = candidatesOf(index, usage)
      .filter(({ matchers }) => matchers.every(({ field, glob }) => matchesField(usage, field, glob.matches)))
      .sort((left, right) => compareRules(left, right) || (order.get(left) ?? 0) - (order.get(right) ?? 0));
    if (remembered.size >= maxRemembered) remembered.clear();
    remembered.set(key, matching);
    return matching;
  }

  function withDoubt(rule: OwnerRule, other: OwnerRule): readonly Attribution[] {
    const ofRule = contested.get(rule) ?? new Map<string, readonly Attribution[]>();
    contested.set(rule, ofRule);
    const found = ofRule.get(other.by) ?? rule.owners.map((owner) => ({ ...owner, contestedBy: other.by }));
    ofRule.set(other.by, found);
    return found;
  }

  return {
    tenants: [...config.tenants, unattributed(config)],
    attribute: (usage, atMs) => {
      const valid = rulesFor(usage).filter(({ validity }) => holdsAt(validity, atMs));
      const [first, ...others] = valid;
      if (first === undefined) return nobody;
      const rival = others.find((other) => compareRules(first, other) === 0 && !sameOwners(first, other));
      return rival === undefined ? first.owners : withDoubt(first, rival);
    },
    cuts: (span) => cutsOf(rules, span),
  };
}

function matchesField(usage: UsagePlace, field: string, matches: (value: string) => boolean): boolean {
  const value = fieldOfUsage(usage, field);
  return value !== '' && matches(value);
}

function indexOf(rules: readonly OwnerRule[]): RuleIndex {
  const byField = new Map<string, Map<string, OwnerRule[]>>();
  const rest: OwnerRule[] = [];
  for (const rule of rules) {
    const exact = rule.matchers.filter(({ glob }) => glob.isExact);
    const matcher = indexOrder.map((name) => exact.find(({ field }) => field === name)).find(Boolean) ?? exact[0];
    if (matcher === undefined) rest.push(rule);
    else listIn(listsIn(byField, matcher.field), matcher.glob.text).push(rule);
  }
  return { byField, rest };
}

function listsIn(map: Map<string, Map<string, OwnerRule[]>>, field: string): Map<string, OwnerRule[]> {
  const found = map.get(field) ?? new Map<string, OwnerRule[]>();
  map.set(field, found);
  return found;
}

function listIn(map: Map<string, OwnerRule[]>, value: string): OwnerRule[] {
  const found = map.get(value) ?? [];
  map.set(value, found);
  return found;
}

function candidatesOf({ byField, rest }: RuleIndex, usage: UsagePlace): OwnerRule[] {
  return [...byField].flatMap(([field, values]) => values.get(fieldOfUsage(usage, field)) ?? []).concat(rest);
}

function sameOwners(left: OwnerRule, right: OwnerRule): boolean {
  return ownersText(left) === ownersText(right);
}

function ownersText({ owners }: OwnerRule): string {
  return JSON.stringify(
    owners.map(({ tenant, costCentre, share }) => [tenant, costCentre, share.num, share.den]).sort(),
  );
}

function cutsOf(rules: readonly OwnerRule[], { startMs, endMs }: Span): readonly number[] {
  const moments = rules.flatMap(({ validity }) => [validity.fromMs, validity.untilMs]);
  return [...new Set(moments.filter((each) => each > startMs && each < endMs))].sort((left, right) => left - right);
}
