import type { Expr, PlainMetric } from '../../metrics/promql.ts';
import { promql, select, series } from '../../metrics/promql.ts';
import { training } from '../../metrics/training.ts';
import { defineAlerts } from '../alert.ts';
import { exampleTrainingTarget } from '../examples.ts';
import { thresholds } from '../thresholds.ts';

/** How much a counter went up within a quarter of an hour; one that appears counts from its first value on. */
function lately(counter: PlainMetric | Expr, by: (vector: Expr) => Expr): Expr {
  return promql`(
  ${by(promql`${counter}`)} unless ${by(promql`${counter} offset 15m`)}
  or
  round(${by(promql`increase(${counter}[15m])`)})
)`;
}

function perSource(errors: Expr): Expr {
  return promql`max by (cluster, node, job, instance, source, reason) (${errors})`;
}

const unusable = select(training.training_source_errors_total, { reason: { re: 'unreadable|bad_length' } });
const damaged = select(training.training_source_errors_total, { reason: { re: 'bad_record|bad_crc' } });

function perKind(vector: Expr): Expr {
  return promql`max by (cluster, node, job, instance, kind) (${vector})`;
}

const who =
  'The training exporter {{ $labels.instance }} ({{ $labels.job }}) on {{ $labels.node }} in {{ $labels.cluster }}';
const readExporterLog =
  'What the exporter says, file by file: `journalctl -u fleetlens-training -n 100`, `kubectl logs <pod> --tail=100`.';

function errors(source: string, reason: string, values: string): readonly [Expr, string] {
  return [series(training.training_source_errors_total, { ...exampleTrainingTarget, source, reason }), values];
}

function drops(kind: string, values: string): readonly [Expr, string] {
  return [series(training.training_dropped_total, { ...exampleTrainingTarget, kind }), values];
}

export default defineAlerts({
  theme: 'training-exporter',
  alerts: [
    {
      name: 'TrainingSourceErrors',
      expr: promql`${lately(unusable, perSource)} > 0
or
${lately(damaged, perSource)} >= ${thresholds.trainingBadRecordsCount}`,
      thresholds: ['trainingBadRecordsCount'],
      for: '0s',
      keepFiringFor: '15m',
      severity: 'warning',
      action: 'investigate',
      domain: 'training',
      team: 'observability',
      summary: 'A training exporter cannot read what runs write.',
      description: `${who} could not read {{ $value | humanize }} items of the source {{ $labels.source }} within a quarter of an hour: {{ $labels.reason }}. Look in its log for the file.`,
      runbook: {
        meaning:
          'Files or records of training runs could not be read, so their curves stand still or have gaps, and alerts about those runs may be missing. `unreadable` is a permission or a file system that fails; `bad_length` means that the rest of an event file is lost for good; `bad_crc` and `bad_record` are single records.',
        firstLook: [
          readExporterLog,
          'What it would make of the run: `fleetlens training inspect <run folder>`.',
          'Permission: `sudo -u <user of the exporter> head -c 100 <file> | xxd | head -n 3`. On NFS root is often nobody.',
          'Storage: `dmesg -T | grep -i -E "nfs|lustre|i/o error"`, `df -h <folder>`. A full disk leaves torn records.',
        ],
        remedy: [
          'Permission: add the user of the exporter to the group of the files, or `setfacl -R -m u:<user>:rX -m d:u:<user>:rX <folder>`.',
          'Two processes that write the same event file spoil it: give each its own folder.',
          'A format that is not understood: keep the first megabyte of the file and report it.',
        ],
      },
      fires: {
        when: 'A folder without permission, a damaged event file, ten bad records, and a counter of torn ones that appears with nine and goes on',
        series: [
          errors('event_files', 'unreadable', '_x4 1x10'),
          errors('event_files', 'bad_length', '0x4 1x10'),
          errors('rank_logs', 'bad_record', '5x4 15x10'),
          errors('rank_logs', 'bad_crc', '_x4 9 10x10'),
        ],
        at: '8m',
        alerts: [
          { ...exampleTrainingTarget, source: 'event_files', reason: 'unreadable' },
          { ...exampleTrainingTarget, source: 'event_files', reason: 'bad_length' },
          { ...exampleTrainingTarget, source: 'rank_logs', reason: 'bad_record' },
          { ...exampleTrainingTarget, source: 'rank_logs', reason: 'bad_crc' },
        ],
      },
      quiet: {
        when: 'Nine torn records, the beginning of a long log that was skipped, and old errors',
        series: [
          errors('event_files', 'bad_crc', '0x40 9x20'),
          errors('logs', 'skipped', '0x40 1x20'),
          errors('event_files', 'unreadable', '1x60'),
          errors('rank_logs', 'bad_record', '50x60'),
        ],
        at: '50m',
      },
    },
    {
      name: 'TrainingLimitReached',
      expr: promql`${lately(training.training_dropped_total, perKind)} > 0`,
      for: '0s',
      keepFiringFor: '15m',
      severity: 'info',
      action: 'none',
      domain: 'training',
      team: 'observability',
      summary: 'A training exporter leaves something out because a limit is reached.',
      description: `${who} left out {{ $value | humanize }} {{ $labels.kind }} within a quarter of an hour. Raise the limit, or narrow what it looks at.`,
      runbook: {
        meaning:
          'Limits keep memory and series bounded. What is beyond them is not shown: runs or files that are not watched at all, scalars or ranks that are missing.',
        firstLook: [
          'Which: `increase(training_dropped_total[1h]) > 0`, and how many there are: `training_runs`, `training_source_files`.',
          'What the patterns match: `fleetlens training inspect <pattern>`, `find <folder> -name "*tfevents*" | wc -l`.',
          readExporterLog,
        ],
        remedy: [
          'runs: `--runs.max`, or a shorter `--runs.retention`, or narrower `--runs.paths`.',
          'files: `--files.max`, a smaller `--runs.depth`, or fewer `--logs.names`.',
          'scalars: allow fewer tags in the mapping file, or `--scalars.max`.',
          'ranks: `--ranks.max`.',
          'phases: have the profiler name phases by what they do, not by step or layer.',
        ],
      },
      fires: {
        when: 'A run more than the limit allows, and the counter of scalars appears with some on it',
        series: [drops('runs', '0x4 1x10'), drops('files', '0x15'), drops('scalars', '_x4 12x10')],
        at: '8m',
        alerts: [
          { ...exampleTrainingTarget, kind: 'runs' },
          { ...exampleTrainingTarget, kind: 'scalars' },
        ],
      },
      quiet: {
        when: 'Scalars were left out an hour ago, and the exporter was away since for three minutes',
        series: [drops('scalars', '0x4 7x20 _ _ _ 7x40')],
        at: '62m',
      },
    },
  ],
});
