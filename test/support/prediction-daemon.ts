import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { predictionDaemon } from '../../exporters/prediction/main.ts';
import { type Clock, systemClock } from '../../kit/clock.ts';
import { type RunningDaemon, startDaemon } from '../../kit/daemon.ts';
import { quietLog } from './stores.ts';

interface Start {
  /** Holds `prediction.yaml`; the state goes to `state`. */
  readonly folder: string;
  readonly everySeconds: number;
  readonly argv?: readonly string[];
  readonly clock?: Clock;
}

/** `fleetlens prediction` in this process, on a free port. */
export function startPredictionDaemon({
  folder,
  everySeconds,
  argv = [],
  clock = systemClock,
}: Start): Promise<RunningDaemon> {
  return startDaemon(predictionDaemon, {
    sources: {
      argv: [
        '--web.listen-address=127.0.0.1:0',
        `--prediction.file=${join(folder, 'prediction.yaml')}`,
        `--prediction.folder=${join(folder, 'state')}`,
        `--prediction.scoring-interval=${everySeconds}s`,
        ...argv,
      ],
      env: {},
      readFile: (path) => readFileSync(path, 'utf8'),
    },
    log: quietLog,
    clock,
  });
}
