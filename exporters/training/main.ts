import type { DaemonDefinition } from '../../kit/daemon.ts';
import { checkTokenFile } from '../../kit/http/admin-guard.ts';
import { fleetlens } from '../../metrics/fleetlens.ts';
import { training } from '../../metrics/training.ts';
import { type TrainingOptions, trainingOptions } from './options.ts';
import { checkRunOptions } from './sources/files/training-files.ts';
import { readMapping } from './sources/mapping-in-force.ts';
import { startTraining } from './start-training.ts';

export const trainingDaemon: DaemonDefinition<TrainingOptions> = {
  name: 'training',
  table: trainingOptions,
  metrics: [training, fleetlens],
  check: (options, readFile) => {
    checkRunOptions(options);
    readMapping(options['mapping.file'], readFile);
    checkTokenFile({ option: '--push.token-file', tokenFile: options['push.token-file'], readFile });
  },
  start: (context) => startTraining(context),
};
