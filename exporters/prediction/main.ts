import { checkApiOptions } from '../../kit/api/api-options.ts';
import type { DaemonDefinition } from '../../kit/daemon.ts';
import { fleetlens } from '../../metrics/fleetlens.ts';
import { prediction } from '../../metrics/prediction.ts';
import { fileOf, type PredictionOptions, predictionOptions } from './options.ts';
import { readPredictionFile } from './prediction-file/prediction-file.ts';
import { startPrediction } from './start-prediction.ts';

export const predictionDaemon: DaemonDefinition<PredictionOptions> = {
  name: 'prediction',
  table: predictionOptions,
  metrics: [prediction, fleetlens],
  check: (options, readFile) => {
    checkApiOptions(options);
    readPredictionFile(fileOf(options['prediction.file']), readFile);
  },
  start: startPrediction,
};
