import type { Place } from '../../../kit/config-values.ts';
import type { Meter } from '../meters/meter.ts';
import type { TenantsConfig } from '../subjects/read-tenants.ts';
import { readContracts } from './read-contracts.ts';
import { readCurrency, readPriceBook } from './read-price-book.ts';
import type { Pricing } from './segments.ts';

export const pricingKeys = ['currency', 'prices', 'contracts', 'idle'] as const;

export interface PricingContext {
  readonly meters: readonly Meter[];
  readonly tenants: TenantsConfig;
  /** What holds for keys that are left out; without it there is nothing then. */
  readonly otherwise?: Pricing;
}

/** What usage costs. Throws ConfigError that names the place, the bad value and what is allowed. */
export function readPricing(
  at: (key: (typeof pricingKeys)[number]) => Place,
  { meters, tenants, otherwise }: PricingContext,
): Pricing {
  const kept = (key: (typeof pricingKeys)[number]) => (at(key).value === undefined ? otherwise : undefined);
  const currency = kept('currency')?.priceBook ?? readCurrency(at('currency'));
  const context = { currency: currency.currency, conversions: currency.conversions, meters, tenants: tenants.tenants };
  const book = readPriceBook({ prices: at('prices'), idle: at('idle') }, context);
  return {
    priceBook: {
      ...book,
      prices: kept('prices')?.priceBook.prices ?? book.prices,
      idle: kept('idle')?.priceBook.idle ?? book.idle,
    },
    contracts: kept('contracts')?.contracts ?? readContracts(at('contracts'), context),
  };
}
