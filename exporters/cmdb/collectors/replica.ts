import type { CmdbCollector } from './cmdb-collector.ts';

export const replicaCollector: CmdbCollector = {
  name: 'replica',
  collect: ({ replica }, { emit }) => {
    emit('cmdb_leader', {}, replica.isLeader ? 1 : 0);
    emit('cmdb_store_up', { store: replica.store }, replica.isStoreUp ? 1 : 0);
  },
};
