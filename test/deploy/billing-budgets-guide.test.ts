import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { readBudgets } from '../../exporters/billing/budgets/config.ts';
import { readQuotas } from '../../exporters/billing/budgets/quota-config.ts';
import { alertThemes } from '../../rules/alerts/index.ts';
import { codeBlocks } from './code-blocks.ts';
import { root } from './manifests.ts';

const guide = readFileSync(join(root, 'docs/guides/billing-budgets.md'), 'utf8');

test('the budgets and quotas of the guide are taken', () => {
  const [text = '', ...others] = codeBlocks(guide, 'yaml');
  expect(others).toEqual([]);
  const document = load(text) as { readonly budgets: unknown; readonly quotas: unknown };
  const tenants = [{ name: 'search', costCentre: 'cc-42', timeZone: 'Europe/Berlin', currency: 'EUR' }];
  const known = { tenants, meters: ['gpu_time'] };
  expect(readBudgets({ value: document.budgets, where: 'budgets' }, known)).toHaveLength(2);
  expect(readQuotas({ value: document.quotas, where: 'quotas' }, ['main'])).toHaveLength(2);
});

test('the guide has every alert of billing', () => {
  const alerts = alertThemes.flatMap((theme) => theme.alerts).filter(({ domain }) => domain === 'billing');
  expect(alerts.map(({ name }) => name).filter((name) => !guide.includes(`${name}.md`))).toEqual([]);
});
