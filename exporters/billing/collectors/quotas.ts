import { type BillingCollector, bounded } from './billing-collector.ts';

export const quotasCollector: BillingCollector = {
  name: 'quotas',
  collect: ({ quotas, maxSeries }, { emit }) => {
    const { shown, dropped } = bounded(quotas, maxSeries);
    for (const { cluster, tenant, quota, resource, used, limit } of shown) {
      const labels = { cluster, tenant, quota, resource };
      emit('billing_quota_limit', labels, limit);
      // Of a limit of nothing no share can be told.
      emit('billing_quota_used_ratio', labels, limit > 0 ? used / limit : undefined);
    }
    emit('billing_dropped_series', { metric: 'billing_quota_used_ratio' }, dropped);
  },
};
