import type { RequestHandler } from 'express';
import type { DaemonContext, Service } from '../../kit/daemon.ts';
import { type NodeSnapshot, startNodeSnapshot } from './node-snapshot.ts';
import type { GpuOptions } from './options.ts';
import { shownNames } from './shown-names.ts';
import { simulatedNodeName } from './sources/simulated/fleet.ts';
import { createSimulatedAttribution } from './sources/simulated/simulated-attribution.ts';
import { createSimulatedSource } from './sources/simulated/simulated-source.ts';
import { createTurns } from './sources/simulated/turns.ts';

/** Many simulated nodes in one process: the first one at the usual path, each at a path of its own. */
export function startFleet({ options, clock, log }: DaemonContext<GpuOptions>): Service<GpuOptions> {
  log.warn('all GPUs are simulated', { scenario: options['simulated.scenario'], nodes: options['simulated.nodes'] });
  const names = shownNames(options);
  const nodes = new Map<string, NodeSnapshot>();
  const turns = createTurns();
  for (let node = 0; node < options['simulated.nodes']; node++) {
    const key = { seed: options['simulated.seed'], node, gpus: options['simulated.gpus'] };
    const source = createSimulatedSource(
      { ...key, scenario: options['simulated.scenario'], collectSeconds: options['gpu.interval'] },
      { clock, turns },
    );
    const attribution = createSimulatedAttribution(
      { ...key, podLabels: options['kubernetes.pod-labels'], retentionSeconds: options['attribution.retention'] },
      { clock },
    );
    const name = simulatedNodeName(node);
    const otherNames = names.others(name);
    nodes.set(
      name,
      startNodeSnapshot(
        source,
        { isShown: names.isShown, sumsLinks: !options['nvlink.per-link'] },
        { clock, log, attribution, otherNames },
      ),
    );
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
