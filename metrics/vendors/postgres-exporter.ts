import { defineMetrics } from '../define.ts';

/** Series of postgres_exporter. */
export const postgres = defineMetrics('external:postgresql', {
  pg_up: { kind: 'gauge', unit: 'none', help: '1 if the exporter reaches PostgreSQL.', labels: [] },
  pg_settings_max_connections: { kind: 'gauge', unit: 'none', help: 'Connections that PostgreSQL takes.', labels: [] },
  pg_stat_activity_count: {
    kind: 'gauge',
    unit: 'none',
    help: 'Connections by database and state.',
    labels: ['datname', 'state'],
  },
  pg_stat_activity_max_tx_duration: {
    kind: 'gauge',
    unit: 'seconds',
    help: 'Age of the oldest transaction by database and state.',
    labels: ['datname', 'state'],
  },
  pg_stat_database_deadlocks: { kind: 'counter', unit: 'none', help: 'Deadlocks of a database.', labels: ['datname'] },
  pg_replication_lag_seconds: {
    kind: 'gauge',
    unit: 'seconds',
    help: 'How far a replica is behind its primary; 0 on a primary.',
    labels: [],
  },
  pg_replication_is_replica: { kind: 'gauge', unit: 'none', help: '1 on a replica.', labels: [] },
});
