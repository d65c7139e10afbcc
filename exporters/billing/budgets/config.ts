import {
  didYouMean,
  fieldsOf,
  invalid,
  listOf,
  oneOf,
  optional,
  type Place,
  textOf,
} from '../../../kit/config-values.ts';
import { ConfigError } from '../../../kit/errors.ts';
import { isTimeZone } from '../local-time.ts';
import type { DecimalText } from '../pricing/rated.ts';
import type { Tenant } from '../subjects/tenant-directory.ts';
import { type Budget, type BudgetScope, defaultSteps } from './budget.ts';
import { periodNames } from './calendar.ts';

const maxBudgets = 2000;
const maxNames = 100;
const maxSteps = 10;
const maxStep = 10;
const keys = [
  'name',
  'tenant',
  'cost_centre',
  'clusters',
  'meters',
  'amount',
  'currency',
  'period',
  'time_zone',
  'steps',
];

export interface KnownNames {
  readonly tenants: readonly Pick<Tenant, 'name' | 'costCentre' | 'timeZone' | 'currency'>[];
  readonly meters: readonly string[];
}

type Field = (key: string) => Place;

/** Reads `budgets` of the billing file. Throws ConfigError that names the place. */
export function readBudgets(place: Place, known: KnownNames): readonly Budget[] {
  const places = listOf(place, maxBudgets);
  const names = new Map<string, string>();
  return places.map((each) => {
    const budget = budgetOf(fieldsOf(each, keys), known);
    const before = names.get(budget.name);
    if (before !== undefined)
      throw new ConfigError(`${each.where}.name ${budget.name} is the name of ${before} already`);
    names.set(budget.name, each.where);
    return budget;
  });
}

function budgetOf(field: Field, known: KnownNames): Budget {
  const tenant = optional(field('tenant'), (each) => tenantOf(each, known));
  const scope: BudgetScope = {
    tenant: tenant?.name,
    costCentre: optional(field('cost_centre'), (each) => costCentreOf(each, known)),
    clusters: namesOf(field('clusters'), textOf),
    meters: namesOf(field('meters'), (each) => oneOf(each, known.meters)),
  };
  if (tenant !== undefined && scope.costCentre !== undefined)
    throw new ConfigError(
      `${field('cost_centre').where} and tenant must not both be there; a budget is for one of them`,
    );
  return {
    name: nameOf(field('name')),
    scope,
    amount: amountOf(field('amount')),
    currency: currencyOf(field('currency'), tenant),
    period: optional(field('period'), (each) => oneOf(each, periodNames)) ?? 'month',
    timeZone: optional(field('time_zone'), (each) => timeZoneOf(each, tenant)) ?? tenant?.timeZone ?? 'UTC',
    steps: optional(field('steps'), stepsOf) ?? defaultSteps,
  };
}

function tenantOf(place: Place, { tenants }: KnownNames) {
  const name = textOf(place);
  const found = tenants.find((tenant) => tenant.name === name);
  if (found !== undefined) return found;
  const names = tenants.map((tenant) => tenant.name);
  throw invalid(place, 'the name of a tenant of this file', didYouMean(name, names));
}

function costCentreOf(place: Place, { tenants }: KnownNames): string {
  const name = textOf(place);
  const centres = [...new Set(tenants.map(({ costCentre }) => costCentre))].filter((each) => each !== '');
  if (centres.includes(name)) return name;
  throw invalid(place, 'a cost centre that a tenant of this file has', didYouMean(name, centres));
}

function nameOf(place: Place): string {
  const name = textOf(place);
  if (/^[\w][\w .-]{0,99}$/.test(name)) return name;
  throw invalid(place, 'a name of letters, digits, spaces and . _ -, 100 characters at most');
}

/** A whole number may be written without quotes; what has a fraction would not be what was written. */
function amountOf(place: Place): DecimalText {
  const { value } = place;
  const text = typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : value;
  if (typeof text === 'string' && /^\d{1,15}(\.\d{1,6})?$/.test(text) && /[1-9]/.test(text)) return text;
  throw invalid(place, 'an amount above 0, in quotes if it has a fraction, such as "50000.00"');
}

function currencyOf(place: Place, tenant: Pick<Tenant, 'name' | 'currency'> | undefined): string {
  const currency = optional(place, textOf) ?? tenant?.currency;
  if (currency === undefined)
    throw new ConfigError(`${place.where} is missing; a budget without a tenant needs one such as EUR`);
  if (!/^[A-Z]{3}$/.test(currency)) throw invalid(place, 'a currency of ISO 4217 such as EUR');
  if (tenant === undefined || tenant.currency === currency) return currency;
  throw invalid(place, `${tenant.currency}, in which the tenant ${tenant.name} is billed`, '; costs are not converted');
}

function timeZoneOf(place: Place, tenant: Pick<Tenant, 'name'> | undefined): string {
  if (tenant !== undefined)
    throw new ConfigError(
      `${place.where} must be left out; the budget of a tenant goes by the time zone of the tenant`,
    );
  const name = textOf(place);
  if (isTimeZone(name)) return name;
  throw invalid(place, 'an IANA time zone such as Europe/Berlin');
}

function namesOf<T extends string>(place: Place, read: (each: Place) => T): readonly T[] | undefined {
  const names = optional(place, (each) => listOf(each, maxNames).map(read));
  if (names?.length === 0) throw invalid(place, 'a list with at least one name, or be left out for all');
  return names;
}

function stepsOf(place: Place): readonly number[] {
  const steps = listOf(place, maxSteps).map((each) => {
    const { value } = each;
    if (typeof value === 'number' && value > 0 && value <= maxStep) return value;
    throw invalid(each, `a share above 0 and at most ${maxStep}, such as 0.8 for 80 %`);
  });
  if (steps.length === 0 || steps.some((step, index) => index > 0 && step <= (steps[index - 1] ?? 0)))
    throw invalid(place, 'shares from small to large, each once');
  return steps;
}
