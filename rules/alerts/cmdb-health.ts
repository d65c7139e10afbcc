import { cmdb } from '../../metrics/cmdb.ts';
import { prometheus } from '../../metrics/external.ts';
import { promql, series } from '../../metrics/promql.ts';
import { defineAlerts } from '../alert.ts';
import { readCmdbLog } from '../cmdb-texts.ts';
import { exampleCmdbReplica, exampleCmdbTarget } from '../examples.ts';
import { replicaAlerts } from '../replica-alerts.ts';
import { thresholds } from '../thresholds.ts';
import { recent } from '../vectors.ts';

const ofJob = { cluster: 'c1', job: 'fleetlens-cmdb' } as const;
const server = { cluster: 'c1', job: 'prometheus', instance: 'p1:9090' } as const;

/** The daemon that keeps the inventory, and those that read from it. */
export default defineAlerts({
  theme: 'cmdb-health',
  alerts: [
    ...replicaAlerts({
      domain: 'cmdb',
      readLog: readCmdbLog,
      storeUp: cmdb.cmdb_store_up,
      leader: cmdb.cmdb_leader,
      examples: {
        target: exampleCmdbTarget,
        storeUp: series(cmdb.cmdb_store_up, { ...exampleCmdbTarget, store: 'postgresql' }),
        leaders: [series(cmdb.cmdb_leader, exampleCmdbTarget), series(cmdb.cmdb_leader, exampleCmdbReplica)],
      },
      storeDown: {
        name: 'CmdbStoreDown',
        summary: 'The database of the inventory does not answer.',
        description:
          'The database ({{ $labels.store }}) of the inventory {{ $labels.instance }} in {{ $labels.cluster }} does not answer. Nothing can be written, and nothing new is found.',
        meaning:
          'The daemon answers from what it has in memory, and refuses writes. After a restart it would have nothing: service discovery answers 503 then, and Prometheus keeps its last list until its own restart.',
        remedy: [
          'Bring the database back; the daemon connects again by itself. Do not restart the daemon meanwhile.',
          'Disk full: make room. Nothing that was acknowledged is lost.',
          'Data directory damaged: restore the last backup, as the guide says.',
        ],
      },
      noLeader: {
        name: 'CmdbNoLeader',
        summary: 'No replica of the inventory runs the jobs.',
        description:
          'No replica of {{ $labels.job }} in {{ $labels.cluster }} is the leader, so nothing is discovered and no silence is kept. See why none gets the lock of the database.',
        meaning:
          'Replicas elect one of them by a lock in the database. Without a leader nothing is looked at, and maintenance windows that begin now silence nothing.',
      },
      twoLeaders: {
        name: 'CmdbTwoLeaders',
        summary: 'More than one replica of the inventory runs the jobs.',
        description:
          '{{ $value | humanize }} replicas of {{ $labels.job }} in {{ $labels.cluster }} take themselves for the leader. Stop all but one until you know why.',
        meaning: 'The replicas do not share one database, or one of them has lost it and does not know.',
        remedy: [
          'Stop all but the one whose database is the right one.',
          'Behind a pooler: pool by session, not by transaction.',
        ],
      },
      installations: 'inventories',
    }),
    {
      name: 'CmdbSilenceSyncFailing',
      expr: promql`max by (cluster, job) (${recent(cmdb.cmdb_silence_sync_success)}) == 0`,
      for: '10m',
      severity: 'warning',
      action: 'investigate',
      domain: 'cmdb',
      team: 'observability',
      summary: 'Silences of maintenance windows are not kept in Alertmanager.',
      description:
        '{{ $labels.job }} in {{ $labels.cluster }} cannot keep the silences of its maintenance windows in Alertmanager. People may be woken for planned work.',
      runbook: {
        meaning:
          'Windows that begin are not silenced, and silences of windows that were ended early go on. The inhibition by NodeMaintenance works without these silences, for nodes.',
        firstLook: [
          readCmdbLog,
          'Does Alertmanager answer: `curl -s http://<alertmanager>:9093/api/v2/silences | head -c 200`.',
        ],
        remedy: [
          'Mend address or password of Alertmanager in the configuration.',
          'Until then silence by hand: `amtool silence add node=<node> --duration=2h --comment="<window>"`.',
        ],
      },
      fires: {
        when: 'Alertmanager is away',
        series: [[series(cmdb.cmdb_silence_sync_success, exampleCmdbTarget), '0x20']],
        at: '15m',
        alerts: [ofJob],
      },
      quiet: {
        when: 'One attempt failed while Alertmanager was restarted',
        series: [[series(cmdb.cmdb_silence_sync_success, exampleCmdbTarget), '1x5 0x3 1x12']],
        at: '15m',
      },
    },
    {
      name: 'CmdbSeriesDropped',
      expr: promql`max by (cluster, job, metric) (${recent(cmdb.cmdb_dropped_series)}) > 0`,
      for: '10m',
      severity: 'warning',
      action: 'investigate',
      domain: 'cmdb',
      team: 'observability',
      summary: 'The inventory leaves out series because there are too many.',
      description:
        '{{ $value | humanize }} series of {{ $labels.metric }} are left out by {{ $labels.job }} in {{ $labels.cluster }}. Raise its bound, or show fewer classes.',
      runbook: {
        meaning: 'For the items that are left out alerts have no rack and no owner, and drift is not told.',
        firstLook: ['How many items of which class: `cmdb_items`. GPUs and ports are usually the most.'],
        remedy: [
          'Raise `--info.max-series` of the daemon, if Prometheus has room.',
          'Leave classes that nobody asks for out of `--info.classes`.',
        ],
      },
      fires: {
        when: 'The inventory has one item more than may be shown',
        series: [[series(cmdb.cmdb_dropped_series, { ...exampleCmdbTarget, metric: 'cmdb_ci_info' }), '0x2 1x20']],
        at: '20m',
        alerts: [{ ...ofJob, metric: 'cmdb_ci_info' }],
      },
      quiet: {
        when: 'Everything is shown',
        series: [[series(cmdb.cmdb_dropped_series, { ...exampleCmdbTarget, metric: 'cmdb_ci_info' }), '0x20']],
        at: '20m',
      },
    },
    {
      name: 'CmdbHttpSdShrunk',
      expr: promql`round(sum by (cluster, list) (increase(${cmdb.cmdb_http_sd_refused_total}[15m]))) >= ${thresholds.cmdbTargetsRefusedCount}`,
      thresholds: ['cmdbTargetsRefusedCount'],
      for: '0s',
      keepFiringFor: '10m',
      severity: 'warning',
      action: 'investigate',
      domain: 'cmdb',
      team: 'observability',
      summary: 'Service discovery refuses to answer because too many targets are gone at once.',
      description:
        'The list {{ $labels.list }} of service discovery in {{ $labels.cluster }} was refused {{ $value | humanize }} times, because too many targets were gone at once. Prometheus keeps its last list meanwhile.',
      runbook: {
        meaning:
          'A list that shrinks by a large share is an error far more often than the end of a hall. Prometheus gets an error and keeps the targets it has; new ones do not come.',
        firstLook: [
          'How many targets the last good answer had: `cmdb_http_sd_targets{list="<list>"}`.',
          'What changed: `fleetlens cmdb history`, and the alerts CmdbSourceRefused and CmdbAssetMissing.',
        ],
        remedy: [
          'A source or a state that is wrong: mend it, and the list is answered again.',
          'The targets are really gone: confirm it once, as the guide of the inventory says.',
        ],
      },
      fires: {
        when: 'Half of a list is gone, and three answers in a row were refused',
        series: [[series(cmdb.cmdb_http_sd_refused_total, { ...exampleCmdbTarget, list: 'gpu' }), '0x5 1 2 3x20']],
        at: '20m',
        alerts: [{ cluster: 'c1', list: 'gpu' }],
      },
      quiet: {
        when: 'Two answers were refused while an import ran',
        series: [[series(cmdb.cmdb_http_sd_refused_total, { ...exampleCmdbTarget, list: 'gpu' }), '0x5 1 2x20']],
        at: '15m',
      },
    },
    {
      name: 'SdFailing',
      expr: promql`round(max by (cluster, job, instance) (increase(${prometheus.prometheus_sd_http_failures_total}[15m]))) >= ${thresholds.cmdbSdFailuresCount}`,
      thresholds: ['cmdbSdFailuresCount'],
      for: '5m',
      severity: 'critical',
      action: 'investigate',
      domain: 'platform',
      team: 'observability',
      summary: 'Prometheus cannot ask service discovery for its targets.',
      description:
        'Prometheus {{ $labels.instance }} in {{ $labels.cluster }} failed {{ $value | humanize }} times within a quarter of an hour to read targets over HTTP. Do not restart it before this is mended.',
      runbook: {
        meaning:
          'Prometheus goes on with the last list that it got, and forgets it when it is restarted: it would then watch nothing.',
        firstLook: [
          'The error: the log of Prometheus, `level=error component="discovery manager"`.',
          'What the inventory answers: `curl -si http://<cmdb>:9412/sd/<list> | head`. 503 is a database that is away or a list that was refused.',
        ],
        remedy: [
          'Bring the inventory back; its own alerts say what it lacks.',
          'If Prometheus must be restarted meanwhile: point it to the list that the daemon wrote last, with `file_sd_configs`.',
        ],
      },
      fires: {
        when: 'The inventory was away for three questions in a row',
        series: [[series(prometheus.prometheus_sd_http_failures_total, server), '0x3 1 2 3x30']],
        at: '12m',
        alerts: [server],
      },
      quiet: {
        when: 'Two questions failed while the inventory was restarted',
        series: [[series(prometheus.prometheus_sd_http_failures_total, server), '0x3 1 2x30']],
        at: '10m',
      },
    },
  ],
});
