import { fieldsOf, invalid, listOf, oneOf, optional, type Place, textOf } from '../../../kit/config-values.ts';
import { ConfigError } from '../../../kit/errors.ts';
import { globOf } from '../glob.ts';
import type { Meter } from '../meters/meter.ts';
import { knownTenant, placeInFile } from '../subjects/read-tenants.ts';
import type { Tenant } from '../subjects/tenant-directory.ts';
import { checkPrices } from './check-prices.ts';
import type { Commitment, Contract, Credit, Discount, FreeUnits, Scope, Tax } from './contract.ts';
import { meterOf, readPriceList } from './read-prices.ts';
import {
  moneyOf,
  overlaps,
  percentOf,
  priceOf,
  quantityOf,
  type Validity,
  validityOf,
  validityText,
  zoneOf,
} from './read-values.ts';

export interface ContractsContext {
  readonly meters: readonly Meter[];
  readonly tenants: readonly Tenant[];
}

const maxContracts = 10_000;
const maxTerms = 500;
const maxTenants = 10_000;
const defaultTimeZone = 'UTC';
const keys = [
  ...['name', 'tenants', 'time_zone', 'from', 'to', 'prices', 'discounts', 'free', 'commitments', 'credits'],
  ...['minimum', 'maximum', 'taxes'],
];
const scopeKeys = ['meter', 'sku', 'cluster'];
const validityKeys = ['from', 'to'];

type Field = (key: string) => Place;

/** Reads `contracts`. Throws ConfigError that names the place, the bad value and what is allowed. */
export function readContracts(place: Place, context: ContractsContext): readonly Contract[] {
  const contracts = listOf(place, maxContracts).map((each) => contractOf(each, context));
  const names = new Map<string, Contract>();
  for (const contract of contracts) {
    const other = names.get(contract.name);
    if (other !== undefined)
      throw new ConfigError(`${contract.where} is named ${contract.name}, and so is ${other.where}; names are unique`);
    names.set(contract.name, contract);
  }
  checkTenants(contracts);
  return contracts;
}

function contractOf(place: Place, context: ContractsContext): Contract {
  const field = fieldsOf(place, keys);
  const zone = optional(field('time_zone'), zoneOf) ?? defaultTimeZone;
  const tenants = listOf(field('tenants'), maxTenants).map((each) => knownTenant(each, context.tenants));
  const currency = currencyOfTenants(field('tenants'), tenants);
  const prices = readPriceList(field('prices'), { meters: context.meters, currency });
  const foreign = prices.find((price) => price.currency !== currency);
  if (foreign !== undefined)
    throw new ConfigError(
      `${foreign.where}.currency is ${foreign.currency}, and the tenants of the contract are billed in ${currency}`,
    );
  checkPrices(prices);
  const terms = <T>(key: string, read: (each: Place, zone: string, meters: readonly Meter[]) => T) =>
    listOf(field(key), maxTerms).map((each) => read(each, zone, context.meters));
  const contract: Contract = {
    id: placeInFile(place),
    where: place.where,
    name: textOf(field('name')),
    tenants: tenants.map(({ name }) => name),
    currency,
    validity: validityOf(field, zone),
    prices,
    discounts: terms('discounts', discountOf),
    free: terms('free', freeOf),
    commitments: terms('commitments', commitmentOf),
    credits: terms('credits', creditOf),
    minimum: optional(field('minimum'), moneyOf),
    maximum: optional(field('maximum'), moneyOf),
    taxes: terms('taxes', taxOf),
  };
  checkTerms(contract, field);
  return contract;
}

function currencyOfTenants(place: Place, tenants: readonly Tenant[]): string {
  const [first, ...others] = tenants;
  if (first === undefined) throw invalid(place, 'a list of at least one tenant');
  const other = others.find(({ currency }) => currency !== first.currency);
  if (other !== undefined)
    throw new ConfigError(
      `${place.where} has ${first.name}, who is billed in ${first.currency}, and ${other.name} in ${other.currency}; make two contracts`,
    );
  return first.currency;
}

function checkTerms({ minimum, maximum, commitments, credits, taxes }: Contract, field: Field): void {
  if (minimum !== undefined && maximum !== undefined && minimum.gt(maximum))
    throw new ConfigError(`${field('maximum').where} must not be below ${field('minimum').where}`);
  checkNames(field('commitments'), commitments);
  checkNames(field('credits'), credits);
  checkNames(field('taxes'), taxes);
}

function checkNames({ where }: Place, terms: readonly { readonly name: string }[]): void {
  const twice = terms.find(({ name }, index) => terms.findIndex((each) => each.name === name) !== index);
  if (twice !== undefined) throw new ConfigError(`${where} has the name ${twice.name} twice; names are unique`);
}

function scopeOf(field: Field, meters: readonly Meter[]): Scope {
  return {
    meter: globOf(optional(field('meter'), (each) => meterOf(each, meters).name) ?? '*'),
    sku: globOf(optional(field('sku'), textOf) ?? '*'),
    cluster: globOf(optional(field('cluster'), textOf) ?? '*'),
  };
}

function discountOf(place: Place, zone: string, meters: readonly Meter[]): Discount {
  const field = fieldsOf(place, [...scopeKeys, 'percent', 'idle', ...validityKeys]);
  return {
    id: placeInFile(place),
    ...scopeOf(field, meters),
    percent: percentOf(field('percent')),
    isForIdle: optional(field('idle'), yesOrNo) ?? false,
    validity: validityOf(field, zone),
  };
}

function freeOf(place: Place, zone: string, meters: readonly Meter[]): FreeUnits {
  const field = fieldsOf(place, [...scopeKeys, 'quantity', ...validityKeys]);
  meterOf(field('meter'), meters);
  return {
    id: placeInFile(place),
    ...scopeOf(field, meters),
    quantity: quantityOf(field('quantity')),
    validity: validityOf(field, zone),
  };
}

function commitmentOf(place: Place, zone: string, meters: readonly Meter[]): Commitment {
  const field = fieldsOf(place, ['name', ...scopeKeys, 'quantity', 'reserved', 'price', 'overage', ...validityKeys]);
  const meter = meterOf(field('meter'), meters);
  return {
    id: placeInFile(place),
    name: optional(field('name'), textOf) ?? placeInFile(place).replace(/^.*\./, ''),
    ...scopeOf(field, meters),
    units: unitsOf(place, field, meter),
    price: priceOf(field('price')),
    overage: optional(field('overage'), (each) => oneOf(each, ['list', 'contract'])) ?? 'list',
    validity: validityOf(field, zone),
  };
}

function unitsOf(place: Place, field: Field, { name, unit }: Meter): Commitment['units'] {
  const total = optional(field('quantity'), quantityOf);
  const reserved = optional(field('reserved'), quantityOf);
  if ((total === undefined) === (reserved === undefined))
    throw new ConfigError(
      `${place.where} must have either quantity, in units of a period, or reserved, in units at a time`,
    );
  if (reserved === undefined) return { kind: 'total', quantity: quantityOf(field('quantity')) };
  if (unit.base !== 'ms')
    throw new ConfigError(
      `${field('reserved').where} goes with meters of time, and ${name} counts ${unit.base}; give quantity`,
    );
  return { kind: 'reserved', quantity: reserved };
}

function creditOf(place: Place, zone: string): Credit {
  const field = fieldsOf(place, ['name', 'amount', 'priority', ...validityKeys]);
  return {
    id: placeInFile(place),
    name: textOf(field('name')),
    amount: moneyOf(field('amount')),
    priority: optional(field('priority'), priorityOf) ?? 0,
    validity: validityOf(field, zone),
  };
}

function taxOf(place: Place): Tax {
  const field = fieldsOf(place, ['name', 'percent']);
  return { id: placeInFile(place), name: textOf(field('name')), percent: percentOf(field('percent')) };
}

function priorityOf(place: Place): number {
  const { value } = place;
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 1000) return value;
  throw invalid(place, 'a whole number from 0 to 1000');
}

function yesOrNo(place: Place): boolean {
  if (typeof place.value === 'boolean') return place.value;
  throw invalid(place, 'true or false');
}

function checkTenants(contracts: readonly Contract[]): void {
  const byTenant = new Map<string, Contract[]>();
  for (const contract of contracts) {
    for (const tenant of new Set(contract.tenants)) {
      const others = byTenant.get(tenant) ?? [];
      byTenant.set(tenant, others);
      const other = others.find((each) => overlaps(each.validity, contract.validity));
      if (other !== undefined) throw twoContracts(tenant, other, contract);
      others.push(contract);
    }
  }
}

function twoContracts(tenant: string, first: Contract, second: Contract): ConfigError {
  const when = (validity: Validity) => `(${validityText(validity)})`;
  return new ConfigError(
    `${second.where} ${when(second.validity)} and ${first.where} ${when(first.validity)} are both for the tenant ${tenant} ` +
      'at the same time; let one end where the other begins',
  );
}
