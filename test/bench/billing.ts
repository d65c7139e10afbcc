import type { Bench } from './bench.ts';
import { billsRows } from './billing/bills.ts';
import { meteringRows } from './billing/metering.ts';
import { methodRows } from './billing/methods.ts';

export const billing: Bench = {
  name: 'billing',
  about:
    'errors of a month whose truth is known against OpenCost’s method and increase(), metering of 10,000 GPUs from a real Prometheus, bills of 1,000 tenants',
  run: async (progress) => [
    ...(await methodRows(progress)),
    ...(await meteringRows(progress)),
    ...(await billsRows(progress)),
  ],
};
