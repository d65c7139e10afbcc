import type { Bench } from './bench.ts';
import { billsRows } from './billing/bills.ts';
import { meteringRows } from './billing/metering.ts';

export const billing: Bench = {
  name: 'billing',
  about: 'metering of 10,000 GPUs from a real Prometheus, and the bills of 1,000 tenants for a month',
  run: async (progress) => [...(await billsRows(progress)), ...(await meteringRows(progress))],
};
