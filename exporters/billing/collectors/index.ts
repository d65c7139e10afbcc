import type { BillingCollector } from './billing-collector.ts';
import { billsCollector } from './bills.ts';
import { budgetsCollector } from './budgets.ts';
import { costsCollector } from './costs.ts';
import { meteringCollector } from './metering.ts';
import { periodsCollector } from './periods.ts';
import { quotasCollector } from './quotas.ts';
import { replicaCollector } from './replica.ts';
import { sourcesCollector } from './sources.ts';

/** Every collector, in the order of the metrics reference. */
export const billingCollectors: readonly BillingCollector[] = [
  costsCollector,
  periodsCollector,
  budgetsCollector,
  quotasCollector,
  meteringCollector,
  sourcesCollector,
  billsCollector,
  replicaCollector,
];
