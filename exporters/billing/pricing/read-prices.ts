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
import { compare } from '../exact.ts';
import { globOf } from '../glob.ts';
import type { Meter } from '../meters/meter.ts';
import { placeInFile } from '../subjects/read-tenants.ts';
import type { ExactQuantity } from '../usage.ts';
import { zero } from './decimal.ts';
import { exactOf } from './exact-decimal.ts';
import type { Price, PriceModel, Tier } from './price-book.ts';
import { readSlots } from './read-slots.ts';
import { currencyOf, instantText, priceOf, quantityOf, validityOf, zoneOf } from './read-values.ts';

const maxPrices = 10_000;
const maxTiers = 100;
const defaultTimeZone = 'UTC';
const models = ['unit', 'package', 'graduated', 'volume'] as const;
const keys = [
  ...['meter', 'sku', 'cluster', 'unit', 'model', 'price', 'package', 'tiers', 'idle_price', 'time_of_day'],
  ...['currency', 'time_zone', 'from', 'to'],
];

export interface PricesContext {
  readonly meters: readonly Meter[];
  /** Of prices that give none. */
  readonly currency: string;
}

/** A list of prices, of the price book or of a contract. Throws ConfigError that names the place, the bad value and what is allowed. */
export function readPriceList(place: Place, context: PricesContext): readonly Price[] {
  return listOf(place, maxPrices).map((each) => priceEntryOf(each, context));
}

function priceEntryOf(place: Place, { meters, currency }: PricesContext): Price {
  const field = fieldsOf(place, keys);
  const meter = meterOf(field('meter'), meters);
  checkUnit(field('unit'), meter);
  const timeZone = optional(field('time_zone'), zoneOf) ?? defaultTimeZone;
  const entry = {
    meter: meter.name,
    sku: globOf(optional(field('sku'), textOf) ?? '*'),
    cluster: optional(field('cluster'), textOf),
    currency: optional(field('currency'), currencyOf) ?? currency,
    validity: validityOf(field, timeZone),
  };
  const model = modelOf(field);
  const slots = readSlots(field('time_of_day'));
  if (slots.length > 0 && model.kind !== 'unit')
    throw new ConfigError(`${field('time_of_day').where} goes with model unit only, and the model is ${model.kind}`);
  return {
    ...entry,
    id: placeInFile(place),
    key: keyOf(entry),
    where: place.where,
    timeZone,
    model,
    idlePrice: optional(field('idle_price'), priceOf),
    slots,
  };
}

function keyOf({
  meter,
  sku,
  cluster,
  currency,
  validity,
}: Pick<Price, 'meter' | 'sku' | 'cluster' | 'currency' | 'validity'>) {
  const since = Number.isFinite(validity.fromMs) ? instantText(validity.fromMs) : '';
  return [meter, sku.text, cluster ?? '', currency, since].join(' ');
}

/** The meter that is named; throws ConfigError where there is none. */
export function meterOf(place: Place, meters: readonly Meter[]): Meter {
  const name = textOf(place);
  const found = meters.find((each) => each.name === name);
  if (found !== undefined) return found;
  const names = meters.map((each) => each.name);
  throw invalid(place, `one of the meters ${names.join(', ')}`, didYouMean(name, names));
}

function checkUnit(place: Place, { name, unit }: Meter): void {
  if (textOf(place) !== unit.priced) throw invalid(place, `${unit.priced}, in which ${name} is priced`);
}

function modelOf(field: (key: string) => Place): PriceModel {
  const kind = optional(field('model'), (each) => oneOf(each, models)) ?? 'unit';
  refuse(
    field,
    { unit: ['package', 'tiers'], package: ['tiers'], graduated: ['price', 'package'], volume: ['price', 'package'] }[
      kind
    ],
    kind,
  );
  if (kind === 'unit') return { kind, price: priceOf(field('price')) };
  if (kind === 'package') {
    return { kind, price: priceOf(field('price')), size: exactOf(quantityOf(field('package')).toFixed()) };
  }
  return { kind, tiers: tiersOf(field('tiers')) };
}

function refuse(field: (key: string) => Place, names: readonly string[], kind: string): void {
  const found = names.map(field).find(({ value }) => value !== undefined);
  if (found !== undefined)
    throw new ConfigError(`${found.where} does not go with model ${kind}; leave it out or change the model`);
}

function tiersOf(place: Place): readonly Tier[] {
  const places = listOf(place, maxTiers);
  if (places.length === 0) throw invalid(place, 'a list of at least one tier');
  const tiers = places.map((each, index) => tierOf(each, index === places.length - 1));
  tiers.slice(1, -1).forEach((tier, index) => {
    const before = tiers[index]?.upTo;
    if (before === undefined || tier.upTo === undefined || compare(before, tier.upTo) < 0) return;
    throw new ConfigError(`${places[index + 1]?.where}.up_to must be above that of the tier before it`);
  });
  return tiers;
}

function tierOf(place: Place, isLast: boolean): Tier {
  const field = fieldsOf(place, ['up_to', 'price', 'flat']);
  const upTo = optional<ExactQuantity>(field('up_to'), (each) => exactOf(quantityOf(each).toFixed()));
  if (isLast && upTo !== undefined)
    throw new ConfigError(
      `${field('up_to').where} leaves units beyond it without a price; leave it out of the last tier`,
    );
  if (!isLast && upTo === undefined) throw invalid(field('up_to'), 'a number of units; only the last tier has none');
  return { upTo, price: priceOf(field('price')), flat: optional(field('flat'), priceOf) ?? zero };
}
