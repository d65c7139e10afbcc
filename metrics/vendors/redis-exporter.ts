import { defineMetrics } from '../define.ts';

/** Series of redis_exporter. */
export const redis = defineMetrics('external:redis', {
  redis_up: { kind: 'gauge', unit: 'none', help: '1 if the exporter reaches Redis.', labels: [] },
  redis_memory_used_bytes: { kind: 'gauge', unit: 'bytes', help: 'Memory that Redis has allocated.', labels: [] },
  redis_memory_max_bytes: { kind: 'gauge', unit: 'bytes', help: 'Limit of that memory, 0 for none.', labels: [] },
  redis_keyspace_hits_total: { kind: 'counter', unit: 'none', help: 'Keys that were looked up and found.', labels: [] },
  redis_keyspace_misses_total: {
    kind: 'counter',
    unit: 'none',
    help: 'Keys that were looked up and not found.',
    labels: [],
  },
  redis_rejected_connections_total: {
    kind: 'counter',
    unit: 'none',
    help: 'Connections that were refused because there were too many.',
    labels: [],
  },
  redis_master_link_up: {
    kind: 'gauge',
    unit: 'none',
    help: '1 on a replica that is connected to its primary.',
    labels: [],
  },
  redis_rdb_last_bgsave_status: {
    kind: 'gauge',
    unit: 'none',
    help: '1 if the last snapshot was written.',
    labels: [],
  },
});
