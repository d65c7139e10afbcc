import type { DaemonDefinition } from '../../kit/daemon.ts';
import { ConfigError } from '../../kit/errors.ts';
import { checkTokenFile } from '../../kit/http/admin-guard.ts';
import { fleetlens } from '../../metrics/fleetlens.ts';
import { gpu } from '../../metrics/gpu.ts';
import { type GpuOptions, gpuOptions } from './options.ts';
import { shownNames } from './shown-names.ts';
import { checkAttributionOptions } from './sources/attribution/attribution-of-options.ts';
import type { SourceName } from './sources/source.ts';
import { startFleet } from './start-fleet.ts';
import { startNode, startReplay } from './start-node.ts';

const starts = { nvml: startNode, replay: startReplay, simulated: startFleet } as const satisfies Readonly<
  Record<SourceName, unknown>
>;

export const gpuDaemon: DaemonDefinition<GpuOptions> = {
  name: 'gpu',
  table: gpuOptions,
  metrics: [gpu, fleetlens],
  check: (options, readFile) => {
    shownNames(options);
    checkAttributionOptions(options);
    checkTokenFile({ option: '--admin.token-file', tokenFile: options['admin.token-file'], readFile });
    if (options.source === 'replay' && options['replay.file'] === undefined) {
      throw new ConfigError('--source=replay needs --replay.file, a capture that fleetlens gpu capture has made');
    }
  },
  start: async (context) => starts[context.options.source](context),
};
