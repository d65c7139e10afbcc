import { type BillingCollector, bounded } from './billing-collector.ts';

/** The bills of the current periods, as far as they have come. */
export const periodsCollector: BillingCollector = {
  name: 'periods',
  collect: ({ now, periods, maxSeries }, { emit }) => {
    const { shown, dropped } = bounded(periods, maxSeries);
    for (const { tenant, currency, period, costs, forecasts, problems } of shown) {
      for (const [kind, amount] of costs) emit('billing_period_cost', { tenant, currency, kind }, Number(amount));
      for (const { method, expected, low, high } of forecasts) {
        emit('billing_period_cost_forecast', { tenant, currency, method, estimate: 'expected' }, expected);
        emit('billing_period_cost_forecast', { tenant, currency, method, estimate: 'low' }, low);
        emit('billing_period_cost_forecast', { tenant, currency, method, estimate: 'high' }, high);
      }
      const elapsed = (now * 1000 - period.startMs) / (period.endMs - period.startMs);
      emit('billing_period_elapsed_ratio', { tenant }, Math.min(1, Math.max(0, elapsed)));
      emit('billing_period_end_timestamp_seconds', { tenant }, period.endMs / 1000);
      emit('billing_bill_problems', { tenant }, problems);
    }
    emit('billing_dropped_series', { metric: 'billing_period_cost' }, dropped);
  },
};
