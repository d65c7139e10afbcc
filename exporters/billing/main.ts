import { checkApiOptions } from '../../kit/api/api-options.ts';
import type { DaemonDefinition } from '../../kit/daemon.ts';
import { storePlace } from '../../kit/store/options.ts';
import { billing } from '../../metrics/billing.ts';
import { fleetlens } from '../../metrics/fleetlens.ts';
import { readBillingFile } from './billing-file/billing-file.ts';
import { type BillingOptions, billingOptions, fileOf } from './options.ts';
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
