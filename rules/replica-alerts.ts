import { type Expr, type PlainMetric, promql } from '../metrics/promql.ts';
import type { Alert, Domain } from './alert.ts';
import { recent } from './vectors.ts';

type Texts = Pick<Alert, 'name' | 'summary' | 'description'> & {
  readonly meaning: string;
  readonly remedy: readonly string[];
};

/** A daemon with a database, of which several replicas may run and one leads. */
export interface ReplicatedDaemon {
  readonly domain: Domain;
  readonly readLog: string;
  readonly storeUp: PlainMetric;
  readonly leader: PlainMetric;
  readonly examples: {
    readonly target: Readonly<Record<'cluster' | 'job' | 'instance', string>>;
    readonly storeUp: Expr;
    /** Of two replicas. */
    readonly leaders: readonly [Expr, Expr];
  };
  readonly storeDown: Texts;
  readonly noLeader: Omit<Texts, 'remedy'>;
  readonly twoLeaders: Texts;
  /** What two of them by mistake are called, such as inventories. */
  readonly installations: string;
}

export function replicaAlerts(daemon: ReplicatedDaemon): readonly Alert[] {
  const { domain, readLog, examples } = daemon;
  const leaders = promql`sum by (cluster, job) (${recent(daemon.leader)})`;
  const { cluster, job } = examples.target;
  const [one, other] = examples.leaders;
  const common = { action: 'investigate', domain, team: 'observability' } as const;
  return [
    {
      ...titleOf(daemon.storeDown),
      ...common,
      expr: promql`max by (cluster, job, instance, store) (${recent(daemon.storeUp)}) == 0`,
      for: '2m',
      severity: 'critical',
      runbook: {
        meaning: daemon.storeDown.meaning,
        firstLook: [
          readLog,
          'PostgreSQL: `pg_isready -h <host>`, `df -h` on its data directory. Embedded: `df -h` on the data directory of the daemon.',
        ],
        remedy: daemon.storeDown.remedy,
      },
      fires: {
        when: 'PostgreSQL is away for three minutes',
        series: [[examples.storeUp, '1 1 0 0 0 0']],
        at: '5m',
        alerts: [{ ...examples.target, store: 'postgresql' }],
      },
      quiet: { when: 'A failover of PostgreSQL takes a minute', series: [[examples.storeUp, '1 1 0 1 1 1']], at: '5m' },
    },
    {
      ...titleOf(daemon.noLeader),
      ...common,
      expr: promql`${leaders} == 0`,
      for: '5m',
      severity: 'warning',
      runbook: {
        meaning: daemon.noLeader.meaning,
        firstLook: [
          readLog,
          "Who holds the lock: `select * from pg_locks where locktype = 'advisory'`. A session of a host that is gone may hold it.",
        ],
        remedy: [
          'End the session that holds it: `select pg_terminate_backend(<pid>)`.',
          'A pooler in between must pool by session, not by transaction: locks belong to sessions.',
        ],
      },
      fires: {
        when: 'The leader is gone and its lock is not',
        series: [[other, '0x12']],
        at: '10m',
        alerts: [{ cluster, job }],
      },
      quiet: {
        when: 'The second replica takes over within two minutes',
        series: [
          [one, '1x3 stale'],
          [other, '0x5 1x7'],
        ],
        at: '10m',
      },
    },
    {
      ...titleOf(daemon.twoLeaders),
      ...common,
      expr: promql`${leaders} > 1`,
      for: '5m',
      severity: 'critical',
      runbook: {
        meaning: daemon.twoLeaders.meaning,
        firstLook: [
          `Which ones: \`${daemon.leader.name} == 1\`.`,
          'Do they have the same database URL, and is it one server and not two that were split.',
          `Are these two ${daemon.installations} under one job name in one cluster: then give them job names of their own.`,
        ],
        remedy: daemon.twoLeaders.remedy,
      },
      fires: {
        when: 'Two replicas run on two databases',
        series: [
          [one, '1x12'],
          [other, '1x12'],
        ],
        at: '10m',
        alerts: [{ cluster, job }],
      },
      quiet: {
        when: 'One leads and one waits',
        series: [
          [one, '1x12'],
          [other, '0x12'],
        ],
        at: '10m',
      },
    },
  ];
}

function titleOf({
  name,
  summary,
  description,
}: Omit<Texts, 'remedy'>): Pick<Alert, 'name' | 'summary' | 'description'> {
  return { name, summary, description };
}
