import type { CounterName, CounterRow } from '../counters/counter-book.ts';
import type { BillingCollector } from './billing-collector.ts';

/** Money and usage that never fall. */
export const costsCollector: BillingCollector = {
  name: 'costs',
  collect: ({ counters, folded }, { emit }) => {
    for (const row of counters) emitCounter(row, emit);
    for (const [counter, count] of folded) emit('billing_dropped_series', { metric: metrics[counter] }, count);
  },
};

const metrics: Readonly<Record<CounterName, string>> = {
  cost: 'billing_cost_total',
  gpu: 'billing_gpu_seconds_total',
  usage: 'billing_usage_total',
};

function emitCounter(
  { counter, labels, up, down }: CounterRow,
  emit: Parameters<typeof costsCollector.collect>[1]['emit'],
): void {
  const { cluster = '', tenant = '' } = labels;
  if (counter === 'cost') {
    const own = { cluster, tenant, resource: labels['resource'] ?? '', currency: labels['currency'] ?? '' };
    emit('billing_cost_total', own, Number(up));
    emit('billing_cost_reversed_total', own, Number(down));
  } else if (counter === 'gpu') {
    const { model = '', profile = '', state = '' } = labels;
    const own = { cluster, tenant, model, profile, state };
    emit('billing_gpu_seconds_total', own, Number(up));
    emit('billing_gpu_reversed_seconds_total', own, Number(down));
  } else {
    const own = { cluster, tenant, meter: labels['meter'] ?? '', meter_unit: labels['unit'] ?? '' };
    emit('billing_usage_total', own, Number(up));
    emit('billing_usage_reversed_total', own, Number(down));
  }
}
