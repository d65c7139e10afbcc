import { promql, series } from '../../metrics/promql.ts';
import { redis } from '../../metrics/vendors/redis-exporter.ts';
import { absentAlert } from '../absent-alert.ts';
import { defineAlerts } from '../alert.ts';
import { thresholds } from '../thresholds.ts';
import { perServer, recent } from '../vectors.ts';

const { redis_up: up, redis_memory_used_bytes: used, redis_memory_max_bytes: limit } = redis;
const { redis_keyspace_hits_total: hits, redis_keyspace_misses_total: misses } = redis;
const { redis_rejected_connections_total: rejected, redis_master_link_up: link } = redis;
const saved = redis.redis_rdb_last_bgsave_status;

const server = { cluster: 'c1', job: 'redis', instance: 'cache:6379' } as const;
const lookups = perServer(promql`rate(${hits}[15m]) + rate(${misses}[15m])`);
const who = 'Redis {{ $labels.instance }} in {{ $labels.cluster }}';
const info =
  'What it says of itself: `redis-cli -h <host> info`, sections Server, Clients, Memory, Persistence, Replication.';

export default defineAlerts({
  theme: 'redis',
  profile: 'redis',
  alerts: [
    {
      name: 'RedisDown',
      expr: promql`${perServer(promql`max_over_time(${up}[2m])`)} == 0`,
      for: '2m',
      severity: 'critical',
      action: 'investigate',
      domain: 'platform',
      team: 'sre',
      summary: 'Redis does not answer its exporter.',
      description: `${who} does not answer. See whether it runs and has memory.`,
      runbook: {
        meaning: 'What keeps its cache, its locks or its queue there fails or gets slow.',
        firstLook: [
          'Does it answer: `redis-cli -h <host> ping`.',
          'Why it ended: `journalctl -u redis -n 50`, or `kubectl logs <pod> --previous --tail=50`; `dmesg -T | grep -i oom`.',
        ],
        remedy: [
          'Start it. While it loads its data it answers LOADING.',
          'It answers PONG: the password or the address of the exporter is wrong.',
        ],
      },
      fires: {
        when: 'Redis is down for five minutes',
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
      name: 'RedisMemoryHigh',
      expr: promql`${perServer(recent(used))}
/
(${perServer(recent(limit))} > 0)
> ${thresholds.redisMemoryRatio}`,
      thresholds: ['redisMemoryRatio'],
      for: '10m',
      severity: 'warning',
      action: 'investigate',
      domain: 'platform',
      team: 'sre',
      summary: 'Redis has nearly used up its memory.',
      description: `${who} uses {{ $value | humanizePercentage }} of its memory. See what it keeps, and what it does at its limit.`,
      runbook: {
        meaning: 'At the limit Redis throws keys away, or refuses writes where its policy is noeviction.',
        firstLook: [
          info,
          'What is large: `redis-cli -h <host> --bigkeys` and `redis-cli -h <host> config get maxmemory-policy`.',
        ],
        remedy: [
          'A cache: with the policy allkeys-lru a full memory is as it should be; raise redisMemoryRatio.',
          'A queue or locks: give keys a time to live, or Redis more memory.',
        ],
      },
      fires: {
        when: 'Redis uses 95 % of its memory, and another was given one byte where a gigabyte was meant',
        series: [
          [series(used, server), '95e6x20'],
          [series(limit, server), '100e6x20'],
          [series(used, { ...server, instance: 'queue:6379' }), '1e6x20'],
          [series(limit, { ...server, instance: 'queue:6379' }), '1x20'],
        ],
        at: '15m',
        alerts: [server, { ...server, instance: 'queue:6379' }],
      },
      quiet: {
        when: 'One uses nine tenths of its memory, and more since minutes; and another has no limit',
        series: [
          [series(used, server), '90x10 95x10'],
          [series(limit, server), '100x20'],
          [series(used, { ...server, instance: 'queue:6379' }), '95x20'],
          [series(limit, { ...server, instance: 'queue:6379' }), '0x20'],
        ],
        at: '15m',
      },
    },
    {
      name: 'RedisHitRatioLow',
      expr: promql`${perServer(promql`rate(${hits}[15m])`)}
/
${lookups}
< ${thresholds.redisHitRatio}
and
${lookups} * 60 > ${thresholds.redisLookupsPerMinute}`,
      thresholds: ['redisLookupsPerMinute', 'redisHitRatio'],
      for: '30m',
      severity: 'info',
      action: 'investigate',
      domain: 'platform',
      team: 'workload',
      summary: 'Redis finds few of the keys that it is asked for.',
      description: `${who} finds {{ $value | humanizePercentage }} of the keys that it is asked for. See whether it throws them away too early.`,
      runbook: {
        meaning:
          'A cache that finds little does not spare what is behind it. For a queue that is polled it means nothing.',
        firstLook: ['Are keys thrown away: `redis-cli -h <host> info stats | grep -E "evicted|expired|keyspace"`.'],
        remedy: [
          'Evicted keys: more memory. Expired keys: a longer time to live.',
          'A new version asks for other keys than it stores.',
        ],
      },
      fires: {
        when: 'Of seventy keys a minute fewer than four in five are found',
        series: [
          [series(hits, server), '0+54x60'],
          [series(misses, server), '0+16x60'],
        ],
        at: '55m',
        alerts: [server],
      },
      quiet: {
        when: 'Nine of ten keys are found, and another server is asked for fifty keys a minute',
        series: [
          [series(hits, server), '0+900x60'],
          [series(misses, server), '0+100x60'],
          [series(hits, { ...server, instance: 'queue:6379' }), '0+5x60'],
          [series(misses, { ...server, instance: 'queue:6379' }), '0+45x60'],
        ],
        at: '55m',
      },
    },
    {
      name: 'RedisConnectionsRejected',
      expr: promql`round(${perServer(promql`increase(${rejected}[10m])`)}) > 0`,
      for: '0s',
      keepFiringFor: '10m',
      severity: 'warning',
      action: 'investigate',
      domain: 'platform',
      team: 'sre',
      summary: 'Redis refuses connections because it has too many.',
      description: `${who} has refused {{ $value | humanize }} connections within ten minutes. See who has so many open.`,
      runbook: {
        meaning: 'Clients beyond the limit get an error.',
        firstLook: [
          'Who has them: `redis-cli -h <host> client list | awk \'{print $2}\' | sed "s/:[0-9]*$//" | sort | uniq -c | sort -n | tail`.',
          info,
        ],
        remedy: [
          'A client that opens one for each request: give it a pool.',
          'Idle ones: `redis-cli -h <host> config set timeout 300`.',
          'Otherwise raise `maxclients`, and the limit of open files with it.',
        ],
      },
      fires: {
        when: 'A connection is refused',
        series: [[series(rejected, server), '0x5 1x10']],
        at: '10m',
        alerts: [server],
      },
      quiet: {
        when: 'Connections were refused before an hour',
        series: [[series(rejected, server), '12x60']],
        at: '50m',
      },
    },
    {
      name: 'RedisReplicationBroken',
      expr: promql`${perServer(promql`max_over_time(${link}[2m])`)} == 0`,
      for: '5m',
      severity: 'warning',
      action: 'investigate',
      domain: 'platform',
      team: 'sre',
      summary: 'A replica of Redis has lost its primary.',
      description: `${who} is a replica without a connection to its primary. See whether the primary runs.`,
      runbook: {
        meaning: 'The replica answers with old data, and cannot take over without loss.',
        firstLook: [info, 'From the replica: `redis-cli -h <primary> ping`.'],
        remedy: [
          'The primary is down: start it, or make the replica the primary: `redis-cli -h <host> replicaof no one`.',
          'Full copies that never end: raise `client-output-buffer-limit replica`.',
        ],
      },
      fires: {
        when: 'The connection is lost for eight minutes',
        series: [[series(link, server), '1 0x12']],
        at: '10m',
        alerts: [server],
      },
      quiet: {
        when: 'The connection was lost for four minutes',
        series: [[series(link, server), '1 0 0 0 0 0 1x8']],
        at: '5m',
      },
    },
    {
      name: 'RedisSaveFailed',
      expr: promql`${perServer(recent(saved))} == 0`,
      for: '15m',
      severity: 'warning',
      action: 'investigate',
      domain: 'platform',
      team: 'sre',
      summary: 'Redis could not write its snapshot.',
      description: `${who} could not write its last snapshot. Look at its disk and at its memory.`,
      runbook: {
        meaning:
          'A restart loses everything since the last snapshot. By default Redis refuses writes until one succeeds.',
        firstLook: [
          'Why: the log of Redis, and `redis-cli -h <host> info persistence`.',
          'Is there room: `df -h <data folder>`, and `cat /proc/sys/vm/overcommit_memory`.',
        ],
        remedy: [
          'The log says "Cannot allocate memory": `sysctl vm.overcommit_memory=1`.',
          'A full disk: make room, then `redis-cli -h <host> bgsave`.',
        ],
      },
      fires: {
        when: 'The last snapshot has been failing for twenty minutes',
        series: [[series(saved, server), '1 0x25']],
        at: '20m',
        alerts: [server],
      },
      quiet: {
        when: 'The next one succeeded after ten minutes',
        series: [[series(saved, server), '1 0x9 1x15']],
        at: '10m',
      },
    },
    absentAlert({
      name: 'RedisMetricsAbsent',
      anyOf: [up],
      exporter: 'redis_exporter',
      blind: 'Alerts about Redis',
      firstLook: ['Does it answer: `curl -s http://<exporter>:9121/metrics | grep ^redis_up`.'],
      remedy: ['No Redis here: leave the profile redis out when you generate the rules.'],
      example: series(up, server),
    }),
  ],
});
