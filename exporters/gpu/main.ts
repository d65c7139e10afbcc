import type { RequestHandler } from 'express';
import type { DaemonContext, DaemonDefinition, Service } from '../../kit/daemon.ts';
import { adminGuard, checkTokenFile } from '../../kit/http/admin-guard.ts';
import { keepHeapSmall } from '../../kit/small-heap.ts';
import { fleetlens } from '../../metrics/fleetlens.ts';
import { gpu } from '../../metrics/gpu.ts';
import { startReleaseControl } from './api/release.ts';
import { type NodeSnapshot, startNodeSnapshot } from './node-snapshot.ts';
import { type GpuOptions, gpuOptions } from './options.ts';
import { createKernelLog } from './sources/kernel-log/kernel-log.ts';
import { spawnNvmlChild } from './sources/nvml/child-process.ts';
import { createNvmlSource } from './sources/nvml/nvml-source.ts';
import { simulatedNodeName } from './sources/simulated/fleet.ts';
import { createSimulatedSource } from './sources/simulated/simulated-source.ts';

export const gpuDaemon: DaemonDefinition<GpuOptions> = {
  name: 'gpu',
  table: gpuOptions,
  metrics: [gpu, fleetlens],
  check: (options, readFile) => {
    checkTokenFile({ option: '--admin.token-file', tokenFile: options['admin.token-file'], readFile });
  },
  start: async (context) => (context.options.source === 'simulated' ? startFleet(context) : startNode(context)),
};

function startNode({ options, clock, log, readFile }: DaemonContext<GpuOptions>): Service<GpuOptions> {
  keepHeapSmall();
  const source = createNvmlSource(
    {
      libraries: options['nvml.library'],
      tierSeconds: {
        fast: options['gpu.interval'],
        slow: options['gpu.slow-interval'],
        processes: options['gpu.process-interval'],
      },
      pollSeconds: options['gpu.event-interval'],
      deadlineSeconds: options['gpu.timeout'],
      patienceSeconds: options['gpu.patience'],
    },
    {
      spawn: spawnNvmlChild,
      kernelLog: createKernelLog({
        path: options['xid.kernel-log'],
        pollSeconds: options['gpu.event-interval'],
        clock,
        log,
      }),
      clock,
      log,
    },
  );
  const guard = adminGuard({
    option: '--admin.token-file',
    tokenFile: options['admin.token-file'],
    listenAddress: options['web.listen-address'],
    readFile,
  });
  const control = startReleaseControl(source, { defaultSeconds: options['gpu.release-duration'], guard }, log);
  const node = startNodeSnapshot(source, { expected: options['gpu.expected'] || undefined }, { clock, log });
  return {
    ...node,
    routes: control.routes,
    stop: async () => {
      control.stop();
      await node.stop();
    },
  };
}

/** Many simulated nodes in one process: the first one at the usual path, each at a path of its own. */
function startFleet({ options, clock, log }: DaemonContext<GpuOptions>): Service<GpuOptions> {
  log.warn('all GPUs are simulated', { scenario: options['simulated.scenario'], nodes: options['simulated.nodes'] });
  const nodes = new Map<string, NodeSnapshot>();
  for (let node = 0; node < options['simulated.nodes']; node++) {
    const source = createSimulatedSource(
      {
        seed: options['simulated.seed'],
        node,
        gpus: options['simulated.gpus'],
        scenario: options['simulated.scenario'],
        collectSeconds: options['gpu.interval'],
      },
      { clock },
    );
    nodes.set(simulatedNodeName(node), startNodeSnapshot(source, {}, { clock, log }));
  }
  const [first] = nodes.values();
  return {
    families: () => first?.families() ?? [],
    notReady: () => first?.notReady(),
    notice: `All GPUs here are simulated; scenario: ${options['simulated.scenario']}.`,
    links: [...nodes.keys()]
      .slice(0, 20)
      .map((name) => ({ path: `/nodes/${name}/metrics`, text: 'metrics of this node' })),
    routes: (app, serve) => {
      const handlers = new Map(
        [...nodes].map(([name, node]): [string, RequestHandler] => [name, serve(node.families)]),
      );
      app.get('/nodes/:node/metrics', (request, response, next) => {
        const handler = handlers.get(request.params.node);
        return handler === undefined ? next() : handler(request, response, next);
      });
    },
    stop: async () => {
      await Promise.all([...nodes.values()].map((node) => node.stop()));
    },
  };
}
