import { daemonOptions } from '../../kit/daemon-options.ts';
import { ConfigError } from '../../kit/errors.ts';
import { defineOptions } from '../../kit/options/define.ts';
import { storeOptions } from '../../kit/store/options.ts';
import { billingApiOptions } from './api/options.ts';

export const billingOptions = defineOptions({
  command: 'fleetlens billing',
  about:
    'Meters GPU time and other usage from the raw samples of Prometheus, keeps it in a ledger that is only ever added to, and makes bills for tenants that can be followed back to each sample. Ask it with fleetlens billing status, bill, close, explain, backfill, what-if and focus.',
  options: {
    ...daemonOptions(9413),
    ...storeOptions('/var/lib/fleetlens/billing'),
    ...billingApiOptions,
    'billing.file': {
      type: 'path',
      help: 'YAML file with sources, meters, tenants, prices, contracts, bills, budgets and quotas; see the guide. Read again on SIGHUP.',
      reloadable: true,
    },
    'billing.refresh-interval': {
      type: 'duration',
      default: '1m',
      min: '1s',
      max: '1h',
      help: 'How often costs, budgets and quotas are reckoned for metrics. What takes long is done less often.',
    },
    'billing.chromium': {
      type: 'path',
      help: 'Chromium or Chrome that prints bills as PDF; without it one is looked for on PATH.',
    },
    'metrics.max-series': {
      type: 'integer',
      default: 20_000,
      min: 100,
      max: 1_000_000,
      help: 'Series of each metric about tenants, budgets and quotas at most; further ones are folded into other, or left out, and counted.',
    },
  },
});

export type BillingOptions = typeof billingOptions.options;

/** Without sources and prices there is nothing to bill. */
export function fileOf(path: string | undefined): string {
  if (path !== undefined) return path;
  throw new ConfigError('--billing.file is missing: name the YAML file with sources, tenants and prices');
}
