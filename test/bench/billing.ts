import type { Bench } from './bench.ts';
import { meteringRows } from './billing/metering.ts';

export const billing: Bench = {
  name: 'billing',
  about: 'metering of 10,000 GPUs from a real Prometheus, and the bills of 1,000 tenants for a month',
  run: async (progress) => [...(await meteringRows(progress))],
};
