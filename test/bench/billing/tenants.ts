import { readBillSettings } from '../../../exporters/billing/bills/bill-settings.ts';
import { readMeters } from '../../../exporters/billing/meters/read-meters.ts';
import { readCurrency } from '../../../exporters/billing/pricing/read-price-book.ts';
import { pricingKeys, readPricing } from '../../../exporters/billing/pricing/read-pricing.ts';
import { createTenantDirectory } from '../../../exporters/billing/subjects/create-tenant-directory.ts';
import { readTenants } from '../../../exporters/billing/subjects/read-tenants.ts';
import { fieldsOf } from '../../../kit/config-values.ts';
import { parseYaml } from '../../../kit/yaml.ts';

export const tenantCount = 1000;

/** 1,000 tenants in three time zones, every tenth with a contract, and a price book with tiers and a night. */
export function manyTenants() {
  const keys = [...pricingKeys, 'tenants', 'splits'];
  const at = fieldsOf({ value: parseYaml('billing.yaml', yaml()), where: 'billing.yaml' }, keys, ': ');
  const meters = readMeters({ value: undefined, where: 'meters' });
  const tenants = readTenants(at('tenants'), at('splits'), readCurrency(at('currency')));
  const pricing = readPricing(at, { meters, tenants });
  return {
    meters,
    pricing,
    directory: createTenantDirectory(tenants),
    settings: readBillSettings({ value: undefined, where: 'bills' }),
  };
}

const zones = ['UTC', 'Europe/Berlin', 'Asia/Shanghai'];

function yaml(): string {
  const tenants = Array.from(
    { length: tenantCount },
    (_, at) => `  - {name: tenant-${at}, time_zone: ${zones[at % zones.length]}, owns: [{namespace: tenant-${at}}]}`,
  );
  const contracted = tenants.flatMap((_, at) => (at % 10 === 0 ? [`tenant-${at}`] : []));
  return `
currency: EUR
tenants:
${tenants.join('\n')}
prices:
  - {meter: gpu_time, unit: GPU hour, price: "2.50", idle_price: "1.00"}
  - {meter: gpu_energy, unit: kWh, price: "0.31"}
  - {meter: cpu_time, unit: core hour, price: "0.01"}
  - {meter: memory, unit: GB hour, price: "0.001"}
  - meter: llm_tokens_output
    unit: million tokens
    model: graduated
    tiers: [{up_to: 100, price: "0.60"}, {price: "0.40"}]
idle:
  - {policy: weighted}
contracts:
  - name: reserved
    tenants: [${contracted.join(', ')}]
    commitments: [{name: base, meter: gpu_time, quantity: 2000, price: "1.80"}]
    discounts: [{percent: 10}]
    credits: [{name: welcome, amount: "500"}]
`;
}
