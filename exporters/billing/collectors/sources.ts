import type { BillingCollector } from './billing-collector.ts';

export const sourcesCollector: BillingCollector = {
  name: 'sources',
  collect: ({ sources }, { emit }) => {
    for (const { name: source, type, isUp, lastSuccess, lastError } of sources) {
      emit('billing_source_up', { source, source_type: type }, isUp === undefined ? undefined : Number(isUp));
      emit('billing_source_last_success_timestamp_seconds', { source }, lastSuccess);
      emit('billing_source_last_error_timestamp_seconds', { source }, lastError);
    }
  },
};
