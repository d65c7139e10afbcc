import { type OpenMetricsContentType, Registry } from 'prom-client';
import { createCollectorRunner } from '../../kit/collector.ts';
import type { DaemonContext, Service } from '../../kit/daemon.ts';
import { registryFamilies } from '../../kit/exposition/prom-client.ts';
import { adminGuard } from '../../kit/http/admin-guard.ts';
import { keepHeapSmall, keepHeapThroughPauses } from '../../kit/small-heap.ts';
import { inference } from '../../metrics/inference.ts';
import { qualityRoutes } from './api/quality.ts';
import { inferenceCollectors } from './collectors/index.ts';
import { engineQueues } from './engines/queue-length.ts';
import { createOtelNames, isShown } from './names/otel-names.ts';
import type { InferenceOptions } from './options.ts';
import { createQualityBook } from './quality/quality-book.ts';
import { readEngines } from './sources/engines/read-engines.ts';
import { startEngines } from './start-engines.ts';
import { startProxy } from './start-proxy.ts';

/** Collectors over state in memory take milliseconds; the deadline is for a bug in one of them. */
const collectorDeadlineSeconds = 5;

/** Starts the proxy, if the options name upstreams, looks at engines, and takes qualities of models. Throws ConfigError. */
export async function startInference(context: DaemonContext<InferenceOptions>): Promise<Service<InferenceOptions>> {
  keepHeapSmall();
  keepHeapThroughPauses();
  const { options, clock, log, readFile } = context;
  const registry = new Registry<OpenMetricsContentType>();
  registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
  const hasProxy = options['proxy.upstreams'].length > 0 || options['proxy.file'] !== undefined;
  const names = options['metrics.names'];
  const onEnded = hasProxy && names !== 'unified' ? createOtelNames(registry) : undefined;
  const proxy = hasProxy ? await startProxy(context, { registry, queues: engineQueues, onEnded }) : undefined;
  const engines = startEngines(
    readEngines(options['engines.file'], readFile),
    { intervalSeconds: options['engines.interval'] },
    { clock, log, readFile },
  );
  const qualities = createQualityBook(options['quality.retention'], clock);
  const runner = createCollectorRunner(inference, inferenceCollectors, {
    clock,
    log,
    deadlineSeconds: collectorDeadlineSeconds,
  });
  const guard = adminGuard({
    option: '--quality.token-file',
    tokenFile: options['quality.token-file'],
    listenAddress: options['web.listen-address'],
    readFile,
  });
  return {
    families: async () => [
      ...(await registryFamilies(registry)).filter(({ name }) => isShown(names, name)),
      ...(await runner.run({ proxy: proxy?.view(), qualities: qualities.all() })),
      ...(await engines.families()),
    ],
    notReady: engines.notReady,
    notice:
      proxy === undefined
        ? 'There is no proxy: name the servers that it should stand in front of with --proxy.upstreams.'
        : `Clients connect to the proxy at ${proxy.url}.`,
    routes: qualityRoutes(qualities, guard),
    reload: (next) => {
      const nextEngines = readEngines(next['engines.file'], readFile);
      proxy?.reload(next);
      engines.reload(nextEngines);
    },
    stop: async () => {
      await Promise.all([proxy?.stop(), engines.stop()]);
    },
  };
}
