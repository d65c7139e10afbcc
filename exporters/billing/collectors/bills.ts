import { type BillingCollector, bounded } from './billing-collector.ts';

export const billsCollector: BillingCollector = {
  name: 'bills',
  collect: ({ bills, maxSeries }, { emit }) => {
    const { shown, dropped } = bounded(bills, maxSeries);
    for (const { tenant, closed, overdueSince, corrections } of shown) {
      emit('billing_bills_closed_total', { tenant }, closed);
      emit('billing_bill_overdue_since_timestamp_seconds', { tenant }, overdueSince);
      for (const { currency, charged, refunded } of corrections) {
        emit('billing_correction_amount_total', { tenant, currency, direction: 'charge' }, Number(charged));
        emit('billing_correction_amount_total', { tenant, currency, direction: 'refund' }, Number(refunded));
      }
    }
    emit('billing_dropped_series', { metric: 'billing_bills_closed_total' }, dropped);
  },
};
