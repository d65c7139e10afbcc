import { tokenScope } from '../../exporters/billing/api/options.ts';
import { readBillingFile } from '../../exporters/billing/billing-file/billing-file.ts';
import { billingOptions } from '../../exporters/billing/options.ts';
import { parseRoleTokens } from '../../kit/api/role-tokens.ts';
import { parseOptions } from '../../kit/options/parse.ts';
import { storeDeployment } from './store-deployment.ts';

const { deployment, argv, config, secret } = storeDeployment('billing');

test('its files are taken', () => {
  const { tenants, pricing } = readBillingFile('billing.yaml', () => config['billing.yaml'] ?? '');
  expect(tenants.tenants.map(({ name }) => name)).toEqual(['search']);
  expect(pricing.priceBook.currency).toBe('EUR');
  expect(parseRoleTokens('tokens', secret['tokens'] ?? '', tokenScope)).toHaveLength(1);
});

test('it has no account of Kubernetes, and nobody reads without a token', () => {
  expect(deployment.spec.template.spec.automountServiceAccountToken).toBe(false);
  expect(parseOptions(billingOptions, { argv, env: {}, readFile: () => '' })['api.read']).toBe('token');
});
