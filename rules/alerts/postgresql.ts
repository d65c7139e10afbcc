import { promql, select, series } from '../../metrics/promql.ts';
import { postgres } from '../../metrics/vendors/postgres-exporter.ts';
import { absentAlert } from '../absent-alert.ts';
import { defineAlerts } from '../alert.ts';
import { thresholds } from '../thresholds.ts';
import { perServer, recent } from '../vectors.ts';

const { pg_up: up, pg_stat_activity_count: connections, pg_settings_max_connections: limit } = postgres;
const { pg_replication_lag_seconds: lag, pg_replication_is_replica: isReplica } = postgres;
const { pg_stat_database_deadlocks: deadlocks, pg_stat_activity_max_tx_duration: transaction } = postgres;

const server = { cluster: 'c1', job: 'postgresql', instance: 'db:5432' } as const;
const database = { ...server, datname: 'fleetlens' } as const;
const idle = { ...database, state: 'idle' } as const;
const active = { ...database, state: 'active' } as const;
const who = 'PostgreSQL {{ $labels.instance }} in {{ $labels.cluster }}';
const whoIsThere =
  'Who is there: `psql -h <host> -c "select state, usename, application_name, count(*) from pg_stat_activity group by 1, 2, 3 order by 4 desc"`.';

export default defineAlerts({
  theme: 'postgresql',
  profile: 'postgresql',
  alerts: [
    {
      name: 'DbDown',
      expr: promql`${perServer(promql`max_over_time(${up}[2m])`)} == 0`,
      for: '2m',
      severity: 'critical',
      action: 'investigate',
      domain: 'platform',
      team: 'sre',
      summary: 'PostgreSQL does not answer its exporter.',
      description: `${who} does not answer. See whether it runs and takes connections.`,
      runbook: {
        meaning:
          'What keeps its data there stands still. Inventory and billing of FleetLens go on when it is back, and lose nothing that they have acknowledged.',
        firstLook: [
          'Does it answer: `pg_isready -h <host>`.',
          'Why not: `journalctl -u postgresql -n 50`, the end of its log, and `df -h`.',
        ],
        remedy: [
          'A full disk: make room and start it. Never remove files below `pg_wal`.',
          'The log says "too many clients": see DbConnectionsNearLimit.',
          'It takes connections: the password or the address of the exporter is wrong.',
        ],
      },
      fires: {
        when: 'PostgreSQL is down for five minutes',
        series: [[series(up, server), '1 0x8']],
        at: '7m',
        alerts: [server],
      },
      quiet: {
        when: 'It was restarted within three minutes',
        series: [[series(up, server), '1 0 0 0 1x6']],
        at: '4m',
      },
    },
    {
      name: 'DbConnectionsNearLimit',
      expr: promql`sum by (cluster, job, instance) (${recent(connections)})
/
${perServer(recent(limit))}
> ${thresholds.dbConnectionsRatio}`,
      thresholds: ['dbConnectionsRatio'],
      for: '5m',
      severity: 'warning',
      action: 'investigate',
      domain: 'platform',
      team: 'sre',
      summary: 'PostgreSQL has nearly as many connections as it takes.',
      description: `${who} has {{ $value | humanizePercentage }} of the connections that it takes. See who has them.`,
      runbook: {
        meaning: 'Beyond the limit clients get an error, the exporter too.',
        firstLook: [whoIsThere],
        remedy: [
          'Many are idle: a smaller pool for each client, or pgbouncer between them.',
          'Many wait for a lock: see DbTransactionLong.',
          'Raise `max_connections`, which needs memory and a restart.',
        ],
      },
      fires: {
        when: 'Ninety of a hundred connections are there, in two databases',
        series: [
          [series(connections, idle), '60x10'],
          [series(connections, { ...active, datname: 'grafana' }), '30x10'],
          [series(limit, server), '100x10'],
        ],
        at: '8m',
        alerts: [server],
      },
      quiet: {
        when: 'Eighty-five of a hundred connections are there, and ninety since minutes',
        series: [
          [series(connections, idle), '60x10'],
          [series(connections, active), '25x5 30x5'],
          [series(limit, server), '100x10'],
        ],
        at: '8m',
      },
    },
    {
      name: 'DbReplicationLag',
      expr: promql`${perServer(recent(lag))} > ${thresholds.dbReplicationLagSeconds}
and
${perServer(recent(isReplica))} == 1`,
      thresholds: ['dbReplicationLagSeconds'],
      for: '10m',
      severity: 'warning',
      action: 'investigate',
      domain: 'platform',
      team: 'sre',
      summary: 'A replica of PostgreSQL is behind its primary.',
      description: `${who} is {{ $value | humanizeDuration }} behind its primary. See whether it replays.`,
      runbook: {
        meaning:
          'What reads there sees the past, and a switch to it would lose as much. The primary keeps its log for it and may fill its disk.',
        firstLook: [
          'On the primary: `psql -h <primary> -c "select application_name, state, write_lag, replay_lag from pg_stat_replication"`.',
          'On the replica: `psql -h <host> -c "select now() - pg_last_xact_replay_timestamp()"`. A primary that nothing is written to makes it grow too.',
        ],
        remedy: [
          'A long query on the replica holds the replay back: end it, `select pg_cancel_backend(<pid>)`.',
          'It is not connected: look at its log; if the log of the primary is gone, build it anew with `pg_basebackup`.',
        ],
      },
      fires: {
        when: 'A replica is a minute and a second behind for a quarter of an hour',
        series: [
          [series(lag, server), '0 61x20'],
          [series(isReplica, server), '1x21'],
        ],
        at: '15m',
        alerts: [server],
      },
      quiet: {
        when: 'A replica is nearly a minute behind, and more since minutes; and what was a replica leads',
        series: [
          [series(lag, { ...server, instance: 'db-2:5432' }), '90x20'],
          [series(isReplica, { ...server, instance: 'db-2:5432' }), '0x20'],
          [series(lag, server), '59x10 90x10'],
          [series(isReplica, server), '1x20'],
        ],
        at: '15m',
      },
    },
    {
      name: 'DbDeadlocks',
      expr: promql`round(sum by (cluster, job, instance, datname) (increase(${deadlocks}[15m]))) > ${thresholds.dbDeadlocksCount}`,
      thresholds: ['dbDeadlocksCount'],
      for: '0s',
      keepFiringFor: '15m',
      severity: 'info',
      action: 'investigate',
      domain: 'platform',
      team: 'workload',
      summary: 'Transactions of a database lock each other out.',
      description: `Database {{ $labels.datname }} of ${who} had {{ $value | humanize }} deadlocks within a quarter of an hour. Its log names the statements.`,
      runbook: {
        meaning: 'One of the transactions is ended each time. Programs that try again hardly notice.',
        firstLook: ['Which statements: `grep -A 5 "deadlock detected" <log>`.'],
        remedy: ['Have the program lock rows in one order, and keep transactions short.'],
      },
      fires: {
        when: 'Six deadlocks within some minutes',
        series: [[series(deadlocks, database), '3x10 5 7 9x10']],
        at: '18m',
        alerts: [database],
      },
      quiet: {
        when: 'Five deadlocks within a quarter of an hour',
        series: [[series(deadlocks, database), '3x10 5 8x10']],
        at: '18m',
      },
    },
    {
      name: 'DbTransactionLong',
      expr: promql`max by (cluster, job, instance, datname) (${recent(select(transaction, { state: { notRe: 'idle|disabled|' } }))}) > ${thresholds.dbTransactionSeconds}`,
      thresholds: ['dbTransactionSeconds'],
      for: '5m',
      severity: 'warning',
      action: 'investigate',
      domain: 'platform',
      team: 'sre',
      summary: 'A transaction of a database has been open for very long.',
      description: `Database {{ $labels.datname }} of ${who} has a transaction that is open for {{ $value | humanizeDuration }}. Find out whose it is.`,
      runbook: {
        meaning: 'It holds locks that others wait for, and old rows cannot be removed while it is open.',
        firstLook: [
          'Whose: `psql -h <host> -c "select pid, usename, state, xact_start, left(query, 60) from pg_stat_activity where xact_start is not null order by xact_start limit 5"`.',
        ],
        remedy: [
          'End it: `select pg_terminate_backend(<pid>)`. It is rolled back.',
          'Set `idle_in_transaction_session_timeout`.',
          'A backup with pg_dump takes as long as it takes: raise dbTransactionSeconds.',
        ],
      },
      fires: {
        when: 'A transaction is open for more than an hour',
        series: [[series(transaction, { ...database, state: 'idle in transaction' }), '3700+60x12']],
        at: '10m',
        alerts: [database],
      },
      quiet: {
        when: 'A transaction is open for an hour and some minutes, and a connection was idle for two',
        series: [
          [series(transaction, active), '3200+60x12'],
          [series(transaction, idle), '7200+60x12'],
        ],
        at: '10m',
      },
    },
    absentAlert({
      name: 'DbMetricsAbsent',
      anyOf: [up],
      exporter: 'postgres_exporter',
      blind: 'Alerts about PostgreSQL',
      firstLook: ['Does it answer: `curl -s http://<exporter>:9187/metrics | grep ^pg_up`.'],
      remedy: ['No PostgreSQL here: leave the profile postgresql out when you generate the rules.'],
      example: series(up, server),
    }),
  ],
});
