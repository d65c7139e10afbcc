import type { Place } from '../../../kit/config-values.ts';
import type { Meter } from '../meters/meter.ts';
import { readTenants, type TenantsConfig } from '../subjects/read-tenants.ts';
import { readContracts } from './read-contracts.ts';
import { readCurrency, readPriceBook } from './read-price-book.ts';
import type { Pricing } from './segments.ts';

/** Keys of the file that readPricing reads. */
export const pricingKeys = ['currency', 'tenants', 'splits', 'prices', 'idle', 'contracts'] as const;

export interface PricingConfig extends Pricing {
  readonly tenants: TenantsConfig;
}

/** Whose usage is, and what it costs. Throws ConfigError that names the place, the bad value and what is allowed. */
export function readPricing(at: (key: (typeof pricingKeys)[number]) => Place, meters: readonly Meter[]): PricingConfig {
  const currency = readCurrency(at('currency'));
  const tenants = readTenants(at('tenants'), at('splits'), currency);
  const context = { ...currency, meters, tenants: tenants.tenants };
  return {
    tenants,
    priceBook: readPriceBook({ prices: at('prices'), idle: at('idle') }, context),
    contracts: readContracts(at('contracts'), context),
  };
}
