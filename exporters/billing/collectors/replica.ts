import type { BillingCollector } from './billing-collector.ts';

export const replicaCollector: BillingCollector = {
  name: 'replica',
  collect: ({ replica }, { emit }) => {
    emit('billing_leader', {}, replica.isLeader ? 1 : 0);
    emit('billing_store_up', { store: replica.store }, replica.isStoreUp ? 1 : 0);
  },
};
