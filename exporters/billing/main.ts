import type { DaemonDefinition } from '../../kit/daemon.ts';
import { ConfigError } from '../../kit/errors.ts';
import { storePlace } from '../../kit/store/options.ts';
import { billing } from '../../metrics/billing.ts';
import { fleetlens } from '../../metrics/fleetlens.ts';
import { checkApiOptions } from '../../kit/api/api-options.ts';
import { readBillingFile } from './billing-file/billing-file.ts';
import { type BillingOptions, billingOptions } from './options.ts';
import { startBilling } from './start-billing.ts';

export const billingDaemon: DaemonDefinition<BillingOptions> = {
  name: 'billing',
  table: billingOptions,
  metrics: [billing, fleetlens],
  check: (options, readFile) => {
    checkApiOptions(options);
    storePlace(options);
    readBillingFile(fileOf(options['billing.file']), readFile);
  },
  start: startBilling,
};

/** Without sources and prices there is nothing to bill. */
export function fileOf(path: string | undefined): string {
  if (path !== undefined) return path;
  throw new ConfigError('--billing.file is missing: name the YAML file with sources, tenants and prices');
}
