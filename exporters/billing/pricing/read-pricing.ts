import type { Place } from '../../../kit/config-values.ts';
import type { Meter } from '../meters/meter.ts';
import type { TenantsConfig } from '../subjects/read-tenants.ts';
import { readContracts } from './read-contracts.ts';
import { readCurrency, readPriceBook } from './read-price-book.ts';
import type { Pricing } from './segments.ts';

export const pricingKeys = ['currency', 'prices', 'contracts', 'idle'] as const;

/** What usage costs. Throws ConfigError that names the place, the bad value and what is allowed. */
export function readPricing(
  at: (key: (typeof pricingKeys)[number]) => Place,
  { meters, tenants }: { readonly meters: readonly Meter[]; readonly tenants: TenantsConfig },
): Pricing {
  const currency = readCurrency(at('currency'));
  const context = { ...currency, meters, tenants: tenants.tenants };
  return {
    priceBook: readPriceBook({ prices: at('prices'), idle: at('idle') }, context),
    contracts: readContracts(at('contracts'), context),
  };
}
