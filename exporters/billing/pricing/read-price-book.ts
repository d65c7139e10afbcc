import { fieldsOf, invalid, listOf, oneOf, optional, type Place, textOf } from '../../../kit/config-values.ts';
import { ConfigError } from '../../../kit/errors.ts';
import { globOf } from '../glob.ts';
import type { Meter } from '../meters/meter.ts';
import { knownTenant, placeInFile } from '../subjects/read-tenants.ts';
import type { Tenant } from '../subjects/tenant-directory.ts';
import { checkConversions, checkPrices } from './check-prices.ts';
import { type IdlePolicy, idlePolicies } from './idle-policy.ts';
import type { Conversion, PriceBook } from './price-book.ts';
import { meterOf, readPriceList } from './read-prices.ts';
import { amountOf, currencyOf, validityOf, zoneOf } from './read-values.ts';

/** What `currency` says. */
export interface CurrencyConfig {
  /** Of the price book, and of tenants that give none. */
  readonly currency: string;
  readonly conversions: readonly Conversion[];
}

export interface PriceBookPlaces {
  readonly prices: Place;
  readonly idle: Place;
}

export interface PriceBookContext extends CurrencyConfig {
  readonly meters: readonly Meter[];
  readonly tenants: readonly Tenant[];
}

const maxConversions = 10_000;
const maxIdlePolicies = 1_000;
const leastRate = '0.000000000001';
const mostRate = '1000000000000';
const defaultCurrency = 'EUR';
const defaultIdleMeter = 'gpu_time';
const defaultTimeZone = 'UTC';

/** Reads `currency`: a code, or a map of `book` and `conversions`. Everything is in EUR where it is left out. */
export function readCurrency(place: Place): CurrencyConfig {
  if (typeof place.value === 'string') return { currency: currencyOf(place), conversions: [] };
  if (place.value === undefined || place.value === null) return { currency: defaultCurrency, conversions: [] };
  const field = fieldsOf(place, ['book', 'conversions']);
  const conversions = listOf(field('conversions'), maxConversions).map(conversionOf);
  checkConversions(conversions);
  return { currency: currencyOf(field('book')), conversions };
}

function conversionOf(place: Place): Conversion {
  const field = fieldsOf(place, ['from_currency', 'to_currency', 'rate', 'from', 'to', 'time_zone']);
  const zone = optional(field('time_zone'), zoneOf) ?? defaultTimeZone;
  return {
    where: place.where,
    from: currencyOf(field('from_currency')),
    to: currencyOf(field('to_currency')),
    rate: amountOf(field('rate'), leastRate, mostRate),
    validity: validityOf(field, zone),
  };
}

/** Reads `prices` and `idle`. Throws ConfigError that names the place, the bad value and what is allowed. */
export function readPriceBook(places: PriceBookPlaces, context: PriceBookContext): PriceBook {
  const prices = readPriceList(places.prices, context);
  checkPrices(prices);
  const idle = listOf(places.idle, maxIdlePolicies).map((place) => idlePolicyOf(place, context));
  return { currency: context.currency, prices, conversions: context.conversions, idle };
}

function idlePolicyOf(place: Place, { meters, tenants }: PriceBookContext): IdlePolicy {
  const field = fieldsOf(place, ['meter', 'cluster', 'sku', 'policy', 'owner', 'from', 'to', 'time_zone']);
  const policy = oneOf(field('policy'), idlePolicies);
  const owner = optional(field('owner'), (each) => knownTenant(each, tenants));
  if (owner !== undefined && policy !== 'owner')
    throw new ConfigError(`${field('owner').where} goes with policy owner only, and the policy is ${policy}`);
  const meter = optional(field('meter'), (each) => meterOf(each, meters));
  if (meter !== undefined && meter.kind !== 'gpu')
    throw invalid(field('meter'), 'a meter of GPUs; no other knows what is idle');
  return {
    id: placeInFile(place),
    meter: meter?.name ?? defaultIdleMeter,
    cluster: globOf(optional(field('cluster'), textOf) ?? '*'),
    sku: globOf(optional(field('sku'), textOf) ?? '*'),
    policy,
    owner: owner === undefined ? undefined : { tenant: owner.name, costCentre: owner.costCentre },
    validity: validityOf(field, optional(field('time_zone'), zoneOf) ?? defaultTimeZone),
  };
}
