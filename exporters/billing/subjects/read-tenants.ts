import {
  didYouMean,
  entriesOf,
  fieldsOf,
  invalid,
  listOf,
  optional,
  type Place,
  textOf,
} from '../../../kit/config-values.ts';
import { ConfigError } from '../../../kit/errors.ts';
import { exact, exactShare, plus } from '../exact.ts';
import { globOf } from '../glob.ts';
import { currencyOf, shareOf, validityOf, zoneOf } from '../pricing/read-values.ts';
import type { ExactQuantity } from '../usage.ts';
import { wholeShare } from '../usage.ts';
import { checkRules } from './check-rules.ts';
import type { OwnerMatcher, OwnerRule } from './owner-rule.ts';
import { type Attribution, type Tenant, unattributedTenant } from './tenant-directory.ts';

export interface TenantsConfig {
  readonly tenants: readonly Tenant[];
  /** In the order of the file, splits last. */
  readonly rules: readonly OwnerRule[];
  /** Of the price book: what a tenant is billed in unless it says otherwise, and what nobody's usage is. */
  readonly currency: string;
  /** Of whoever gives none. */
  readonly timeZone: string;
}

const maxTenants = 10_000;
const maxRules = 1_000;
const maxSplits = 10_000;
const maxLabels = 20;
const maxOwners = 1_000;
const defaultTimeZone = 'UTC';

/** Keys of a matcher, and the keys of the holder that they are about. */
const holderFields: Readonly<Record<string, string>> = {
  namespace: 'namespace',
  account: 'account',
  user: 'user_id',
  job: 'job_id',
  tenant: 'tenant',
};
const matcherKeys = ['cluster', 'node', 'resource', ...Object.keys(holderFields), 'label'];

/** Reads `tenants` and `splits`. Throws ConfigError that names the place, the bad value and what is allowed. */
export function readTenants(tenants: Place, splits: Place, { currency }: { readonly currency: string }): TenantsConfig {
  const entries = listOf(tenants, maxTenants).map((place) => tenantOf(place, currency));
  const names = new Map<string, Place>();
  for (const { tenant, name } of entries) {
    const other = names.get(tenant.name);
    if (other !== undefined)
      throw new ConfigError(`${name.where} is the tenant ${tenant.name}, and so is ${other.where}; names are unique`);
    names.set(tenant.name, name);
  }
  const list = entries.map(({ tenant }) => tenant);
  const rules = [
    ...entries.flatMap(({ rules: owned }) => owned),
    ...listOf(splits, maxSplits).map((place) => splitOf(place, list)),
  ];
  checkRules(rules);
  return { tenants: list, rules, currency, timeZone: defaultTimeZone };
}

function tenantOf(place: Place, currency: string) {
  const field = fieldsOf(place, ['name', 'title', 'cost_centre', 'time_zone', 'currency', 'owns']);
  const name = nameOf(field('name'));
  const tenant: Tenant = {
    name,
    title: optional(field('title'), textOf) ?? name,
    costCentre: optional(field('cost_centre'), textOf) ?? name,
    timeZone: optional(field('time_zone'), zoneOf) ?? defaultTimeZone,
    currency: optional(field('currency'), currencyOf) ?? currency,
  };
  const rules = listOf(field('owns'), maxRules).map((each) => ownedBy(each, tenant));
  return { tenant, name: field('name'), rules };
}

function nameOf(place: Place): string {
  const name = textOf(place);
  if (name === unattributedTenant) throw invalid(place, 'another name; that one is for usage that nobody owns');
  if (/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/.test(name)) return name;
  throw invalid(place, 'a name of 1 to 63 letters, digits, ., _ and -');
}

function ownedBy(place: Place, tenant: Tenant): OwnerRule {
  const field = fieldsOf(place, [...matcherKeys, 'priority', 'from', 'to', 'cost_centre']);
  const by = placeInFile(place);
  const costCentre = optional(field('cost_centre'), textOf) ?? tenant.costCentre;
  const owners = [{ tenant: tenant.name, costCentre, share: wholeShare, by }];
  return { ...ruleOf(place, field, tenant.timeZone), owners };
}

function splitOf(place: Place, tenants: readonly Tenant[]): OwnerRule {
  const field = fieldsOf(place, [...matcherKeys, 'priority', 'from', 'to', 'time_zone', 'between']);
  const by = placeInFile(place);
  const zone = optional(field('time_zone'), zoneOf) ?? defaultTimeZone;
  const owners = listOf(field('between'), maxOwners).map((each) => partOf(each, tenants, by));
  const sum = owners.reduce<ExactQuantity>((total, { share }) => plus(total, exactShare(share)), exact(0n));
  if (sum.num !== sum.den)
    throw new ConfigError(
      `${field('between').where} has shares that add up to ${sum.num}/${sum.den}; they must add up to 1`,
    );
  const twice = owners.find((owner, index) => owners.findIndex((each) => isSameOwner(each, owner)) !== index);
  if (twice !== undefined) throw new ConfigError(`${field('between').where} names the tenant ${twice.tenant} twice`);
  return { ...ruleOf(place, field, zone), owners };
}

function isSameOwner(left: Attribution, right: Attribution): boolean {
  return left.tenant === right.tenant && left.costCentre === right.costCentre;
}

function partOf(place: Place, tenants: readonly Tenant[], by: string): Attribution {
  const field = fieldsOf(place, ['tenant', 'share', 'cost_centre']);
  const tenant = knownTenant(field('tenant'), tenants);
  const { num, den } = shareOf(field('share'));
  return {
    tenant: tenant.name,
    costCentre: optional(field('cost_centre'), textOf) ?? tenant.costCentre,
    share: { num: Number(num), den: Number(den) },
    by,
  };
}

/** The tenant that is named; throws ConfigError where there is none. */
export function knownTenant(place: Place, tenants: readonly Tenant[]): Tenant {
  const name = textOf(place);
  const found = tenants.find((each) => each.name === name);
  if (found !== undefined) return found;
  throw invalid(
    place,
    'the name of one of the tenants',
    didYouMean(
      name,
      tenants.map((each) => each.name),
    ),
  );
}

function ruleOf(place: Place, field: (key: string) => Place, zone: string): Omit<OwnerRule, 'owners'> {
  const matchers = [
    ...['cluster', 'node', 'resource'].flatMap((name) => matcherOf(field(name), name)),
    ...Object.entries(holderFields).flatMap(([name, key]) => matcherOf(field(name), key)),
    ...labelsOf(field('label')),
  ];
  if (matchers.length === 0)
    throw new ConfigError(`${place.where} matches nothing; give at least one of ${matcherKeys.join(', ')}`);
  const priority = optional(field('priority'), priorityOf) ?? 0;
  return { by: placeInFile(place), where: place.where, priority, matchers, validity: validityOf(field, zone) };
}

function matcherOf(place: Place, field: string): readonly OwnerMatcher[] {
  return optional(place, (each) => [{ field, glob: globOf(textOf(each)) }]) ?? [];
}

function labelsOf(place: Place): readonly OwnerMatcher[] {
  const labels = optional(place, (each) => entriesOf(each, maxLabels)) ?? [];
  return labels.map(([name, value]) => ({
    field: `label_${name.replaceAll(/[^A-Za-z0-9_]/g, '_')}`,
    glob: globOf(textOf({ value, where: `${place.where}.${name}` })),
  }));
}

function priorityOf(place: Place): number {
  const { value } = place;
  if (typeof value === 'number' && Number.isInteger(value) && Math.abs(value) <= 1000) return value;
  throw invalid(place, 'a whole number from -1000 to 1000');
}

/** Without the name of the file: tenants[2].owns[0]. */
export function placeInFile({ where }: Pick<Place, 'where'>): string {
  return where.slice(where.lastIndexOf(': ') + 1).trim();
}
