import { apiOptions } from '../../kit/api/api-options.ts';
import { daemonOptions } from '../../kit/daemon-options.ts';
import { ConfigError } from '../../kit/errors.ts';
import { defineOptions } from '../../kit/options/define.ts';

export const predictionOptions = defineOptions({
  command: 'fleetlens prediction',
  about:
    'Tells how likely each GPU and node fails within a day, a week and a month, why, and how good such statements were; watches for anomalies. Learns from the history in Prometheus, and says what it knows from the first minute.',
  options: {
    ...daemonOptions(9414),
    ...apiOptions,
    'prediction.file': {
      type: 'path',
      help: 'YAML file with sources, priors, tickets, alert budget, training, features, anomaly and series; see the guide. Read again on SIGHUP.',
      reloadable: true,
    },
    'prediction.folder': {
      type: 'path',
      default: '/var/lib/fleetlens/prediction',
      help: 'Folder of features, models, what was said and the state of the detectors. One process at a time may have it.',
    },
    'prediction.scoring-interval': {
      type: 'duration',
      default: '5m',
      min: '1s',
      max: '1h',
      help: 'How often the fleet is read and scored. A source that does not answer within it is shown as down.',
    },
  },
});

export type PredictionOptions = typeof predictionOptions.options;

/** Without a source there is nobody to tell of. */
export function fileOf(path: string | undefined): string {
  if (path !== undefined) return path;
  throw new ConfigError('--prediction.file is missing: name the YAML file with the sources, see the guide');
}
