import type { CmdbCollector } from './cmdb-collector.ts';

export const serviceDiscoveryCollector: CmdbCollector = {
  name: 'service_discovery',
  collect: ({ lists }, { emit }) => {
    for (const { name: list, targets, refused } of lists) {
      emit('cmdb_http_sd_targets', { list }, targets);
      emit('cmdb_http_sd_refused_total', { list }, refused);
    }
  },
};
