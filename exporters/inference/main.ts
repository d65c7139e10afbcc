import type { DaemonDefinition } from '../../kit/daemon.ts';
import { checkTokenFile } from '../../kit/http/admin-guard.ts';
import { fleetlens } from '../../metrics/fleetlens.ts';
import { inference } from '../../metrics/inference.ts';
import { otelGenAi } from '../../metrics/otel-genai.ts';
import { type InferenceOptions, inferenceOptions } from './options.ts';
import { readEngines } from './sources/engines/read-engines.ts';
import { readGateway, readKeys } from './sources/gateway-in-force.ts';
import { readProxyTls } from './sources/proxy-tls.ts';
import { startInference } from './start-inference.ts';

export const inferenceDaemon: DaemonDefinition<InferenceOptions> = {
  name: 'inference',
  table: inferenceOptions,
  metrics: [inference, otelGenAi, fleetlens],
  check: (options, readFile) => {
    readGateway(options, readFile);
    readKeys(options, readFile);
    readEngines(options['engines.file'], readFile);
    readProxyTls(options['proxy.tls-file'], readFile);
    checkTokenFile({ option: '--quality.token-file', tokenFile: options['quality.token-file'], readFile });
  },
  start: startInference,
};
