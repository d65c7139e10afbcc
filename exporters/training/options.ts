import { daemonOptions } from '../../kit/daemon-options.ts';
import { defineOptions } from '../../kit/options/define.ts';

export const trainingOptions = defineOptions({
  command: 'fleetlens training',
  about:
    'Exports training runs to Prometheus from what they write anyway: TensorBoard event files, logs, checkpoints; or from what they push. Needs no change to the training code.',
  options: {
    ...daemonOptions(9410),
    'runs.paths': {
      type: 'list',
      default: [],
      help: 'Run folders: each path that a pattern matches is one run, and all files below it belong to that run. * ? [] match within a name, ** any number of folders. Without it only what is pushed is shown.',
    },
    'runs.depth': {
      type: 'integer',
      default: 6,
      min: 0,
      max: 20,
      help: 'How many folders below a run folder are looked into.',
    },
    'runs.max': {
      type: 'integer',
      default: 1000,
      min: 1,
      max: 20_000,
      help: 'Runs known at once; further ones are left out and counted.',
    },
    'runs.idle-after': {
      type: 'duration',
      default: '1h',
      min: '1m',
      max: '7d',
      help: 'A run that shows no sign of life for so long has ended. Longer than the longest evaluation or checkpoint.',
    },
    'runs.retention': {
      type: 'duration',
      default: '1h',
      min: '0s',
      max: '30d',
      help: 'How long a run is still shown after it ended. Files that were last written before that are not read at all.',
    },
    'runs.job-id-pattern': {
      type: 'string',
      default: '(?:slurm|jobid|job_id|job)[-_./=]?(?<job_id>\\d+)',
      help: 'Regular expression that finds the job id in the path of a file, as the group job_id.',
    },
    'files.max': {
      type: 'integer',
      default: 20_000,
      min: 1,
      max: 200_000,
      help: 'Files followed at once; further ones are left out and counted.',
    },
    'files.poll-interval': {
      type: 'duration',
      default: '5s',
      min: '200ms',
      max: '5m',
      help: 'How often files that grew in the last ten minutes are looked at. By stat, so that it works on NFS and Lustre.',
    },
    'files.idle-poll-interval': {
      type: 'duration',
      default: '1m',
      min: '1s',
      max: '1h',
      help: 'How often all other files are looked at.',
    },
    'files.discovery-interval': {
      type: 'duration',
      default: '30s',
      min: '1s',
      max: '1h',
      help: 'How often new runs and new files are looked for.',
    },
    'logs.names': {
      type: 'list',
      default: ['*.log', '*.out', '*.err', 'log.txt', 'output.txt'],
      help: 'File names that are read as logs of the training program.',
    },
    'logs.catch-up-mib': {
      type: 'integer',
      default: 64,
      min: 0,
      max: 1_048_576,
      help: 'How much of the end of a log is read that is there already when it is found, in MiB; what comes before is skipped and counted.',
    },
    'mapping.file': {
      type: 'path',
      help: 'YAML file that maps tags to the schema, allows further scalars, and tells models and GPUs for MFU; see the guide. Read again on SIGHUP.',
      reloadable: true,
    },
    'scalars.max': {
      type: 'integer',
      default: 50,
      min: 0,
      max: 10_000,
      help: 'Scalars outside the schema that are shown for one run; further ones are left out and counted.',
    },
    'ranks.max': {
      type: 'integer',
      default: 16_384,
      min: 1,
      max: 200_000,
      help: 'Ranks of one run whose phases are compared; further ones are left out and counted.',
    },
    'ranks.shown': {
      type: 'integer',
      default: 8,
      min: 1,
      max: 1000,
      help: 'How many of the slowest ranks of each phase are shown by number.',
    },
    'ranks.all': {
      type: 'boolean',
      default: false,
      help: 'Show every rank by number: as many series for each phase as there are ranks.',
    },
    'push.udp': { type: 'boolean', default: true, help: 'Take statsd datagrams.' },
    'push.udp-address': {
      type: 'address',
      default: '127.0.0.1:9410',
      help: 'Where datagrams are taken. They carry no token, so keep it on loopback.',
    },
    'push.token-file': {
      type: 'path',
      help: 'File with the bearer token for POST /api/v1/push. Without it pushes are taken only if the exporter listens on a loopback address.',
    },
    'state.file': {
      type: 'path',
      help: 'File in which offsets and counters survive a restart of the exporter; without it everything is read again from the beginning.',
    },
    'path.procfs': {
      type: 'path',
      default: '/proc',
      help: 'Where the proc file system is mounted, to see whether the process that writes an event file is alive and which job it belongs to.',
    },
  },
});

export type TrainingOptions = typeof trainingOptions.options;
