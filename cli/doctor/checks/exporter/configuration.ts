import { gpuDaemon } from '../../../../exporters/gpu/main.ts';
import { checkDaemonOptions } from '../../../../kit/daemon-server.ts';
import { secureContext } from '../../../../kit/http/tls.ts';
import { readWebConfig } from '../../../../kit/web-settings.ts';
import type { Check } from '../../check.ts';
import { ok } from '../../finding.ts';
import { thrown } from '../../reason.ts';

/** What the exporter checks before it starts, beyond the values of single options. */
export const configuration: Check = {
  name: 'configuration',
  title: 'configuration',
  group: 'exporter',
  run: ({ options, readFile }) => {
    const exporterOptions = { ...options, 'config.check': false, 'config.schema': false, 'list-metrics': false };
    try {
      checkDaemonOptions(exporterOptions);
      gpuDaemon.check?.(exporterOptions, readFile);
      const { tls } = readWebConfig(options['web.config.file'], readFile);
      if (tls !== undefined) secureContext(tls);
      return ok(options['config.file'] === undefined ? 'valid' : `${options['config.file']} is valid`);
    } catch (error) {
      return thrown('failure', error);
    }
  },
};
