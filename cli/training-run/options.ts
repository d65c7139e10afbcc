import { trainingOptions } from '../../exporters/training/options.ts';
import { defineOptions, type OptionValues } from '../../kit/options/define.ts';

const { 'log.level': level, ...exporterOptions } = trainingOptions.options;

/** Those of the wrapper, and those of the exporter that runs in it. */
export const trainingRunOptions = defineOptions({
  command: 'fleetlens training run',
  about:
    'Runs a command and exports what it prints as a training run: fleetlens training run [--option=value …] -- python train.py … The command gets standard input, signals and environment as if it had been started by itself, its output is passed on unchanged, and its exit code is that of this command; 127 if there is no such command. Without --push.url the metrics are served by this very process, until a while after the command has ended.',
  options: {
    run: {
      type: 'string',
      help: 'Name of the run. Without it that of the working directory, or of the script if the directory has none that tells anything.',
    },
    'job-id': {
      type: 'string',
      help: 'Job that the run belongs to. Without it that of Slurm, PBS, LSF or Grid Engine, or in Kubernetes that which the name of the pod is made of.',
    },
    'push.url': {
      type: 'string',
      help: 'Exporter to which everything is sent, such as http://127.0.0.1:9410; --push.token-file then holds the token to show. Needed where several ranks of one machine are wrapped, as only one of them can listen.',
    },
    'all-ranks': {
      type: 'boolean',
      default: false,
      help: 'Tell everything also if this is not rank 0 by RANK, SLURM_PROCID and the like. Otherwise such a rank tells only how long its phases take.',
    },
    restarts: {
      type: 'integer',
      default: 0,
      min: 0,
      max: 1000,
      help: 'How often the command is started again after it has failed.',
    },
    'restart-delay': {
      type: 'duration',
      default: '10s',
      min: '0s',
      max: '10m',
      help: 'Time before the command is started again; twice as long before each further start, up to 10m.',
    },
    linger: {
      type: 'duration',
      default: '30s',
      min: '0s',
      max: '1h',
      help: 'How long the metrics are still served after the command has ended by itself, so that its end is scraped. Longer than the scrape interval.',
    },
    ...exporterOptions,
    // What the exporter says goes to standard error, among what the command writes there.
    'log.level': { ...level, default: 'warn' },
  },
});

export type TrainingRunOptions = OptionValues<typeof trainingRunOptions.options>;
