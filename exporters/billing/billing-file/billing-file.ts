import { fieldsOf } from '../../../kit/config-values.ts';
import { ConfigError, reasonOf } from '../../../kit/errors.ts';
import { parseYaml } from '../../../kit/yaml.ts';
import { type BillSettings, readBillSettings } from '../bills/bill-settings.ts';
import type { Budget } from '../budgets/budget.ts';
import { readBudgets } from '../budgets/config.ts';
import type { Quota } from '../budgets/quota.ts';
import { readQuotas } from '../budgets/quota-config.ts';
import type { CollectionSettings } from '../collection/collection-settings.ts';
import { readCollectionSettings } from '../collection/read-collection-settings.ts';
import type { Meter } from '../meters/meter.ts';
import { meterNames, readMeters } from '../meters/read-meters.ts';
import { readCurrency } from '../pricing/read-price-book.ts';
import { pricingKeys, readPricing } from '../pricing/read-pricing.ts';
import type { Pricing } from '../pricing/segments.ts';
import { type Gaps, readGaps } from '../sources/config/gaps.ts';
import { readSources } from '../sources/config/read-sources.ts';
import type { BillingSource } from '../sources/config/source.ts';
import { readWindowSettings, type WindowSettings } from '../sources/config/windows.ts';
import { readTenants, type TenantsConfig } from '../subjects/read-tenants.ts';

/** What the file of `--billing.file` says. */
export interface BillingConfig {
  readonly sources: readonly BillingSource[];
  readonly meters: readonly Meter[];
  readonly windows: WindowSettings;
  readonly collection: Pick<CollectionSettings, 'startMs' | 'recheckMs'>;
  readonly gaps: Gaps;
  readonly tenants: TenantsConfig;
  readonly pricing: Pricing;
  readonly bills: BillSettings;
  readonly budgets: readonly Budget[];
  readonly quotas: readonly Quota[];
}

/** The keys at the top of the file. */
export const billingFileKeys = [
  'sources',
  'meters',
  'window',
  'delay',
  'start',
  'recheck',
  'gaps',
  'system_namespaces',
  'tenants',
  'splits',
  ...pricingKeys,
  'bills',
  'budgets',
  'quotas',
];

type ReadFile = (path: string) => string;

/** Throws ConfigError that names the file, the key, the bad value and what is allowed. */
export function readBillingFile(path: string, readFile: ReadFile): BillingConfig {
  const at = fieldsOf({ value: parseYaml(path, textOf(path, readFile)) ?? {}, where: path }, billingFileKeys, ': ');
  const sources = readSources(at('sources'), readFile);
  const meters = readMeters(at('meters'));
  const tenants = readTenants(at('tenants'), at('splits'), readCurrency(at('currency')));
  return {
    sources,
    meters,
    windows: readWindowSettings(at('window'), at('delay'), at('system_namespaces')),
    collection: readCollectionSettings(at('start'), at('recheck')),
    gaps: readGaps(at('gaps'), meterNames(at('meters'))),
    tenants,
    pricing: readPricing(at, { meters, tenants }),
    bills: readBillSettings(at('bills')),
    budgets: readBudgets(at('budgets'), { tenants: tenants.tenants, meters: meters.map(({ name }) => name) }),
    quotas: readQuotas(
      at('quotas'),
      sources.map(({ name }) => name),
    ),
  };
}

/**
 * Reads the prices of a what-if: `currency`, `prices`, `contracts` and `idle` in the form of the file; what is left out stays as it is. Tenants
 * that are not visible are unknown to it, so that no error tells of them. Throws ConfigError.
 */
export function readPricesOf(
  text: string,
  { meters, tenants, pricing }: Pick<BillingConfig, 'meters' | 'tenants' | 'pricing'>,
  visible?: readonly string[],
): Pricing {
  const where = 'the price book';
  return readPricing(fieldsOf({ value: parseYaml(where, text) ?? {}, where }, pricingKeys, ': '), {
    meters,
    tenants: { ...tenants, tenants: tenants.tenants.filter(({ name }) => visible?.includes(name) ?? true) },
    otherwise: pricing,
  });
}

function textOf(path: string, readFile: ReadFile): string {
  try {
    return readFile(path);
  } catch (error) {
    throw new ConfigError(`--billing.file cannot be read: ${reasonOf(error)}`);
  }
}
