import { createServer, type Server } from 'node:http';
import type { Clock } from '../../../kit/clock.ts';
import { listen, urlOf } from '../../../kit/http/listen.ts';
import type { Month } from '../billing/month.ts';
import { simulatedCluster } from '../cluster.ts';
import { apiServerPage, apiServerWork } from './api-server-page.ts';
import { kubeStateText } from './kube-state-text.ts';
import { kubeletPage } from './kubelet-page.ts';
import { kueuePage } from './kueue-page.ts';
import { nodePage } from './node-exporter/node-page.ts';
import { nodeWork } from './node-work.ts';

/** Where the pages of the system and the platform of the simulated cluster are. */
export const platformPaths = {
  node: (name: string): string => `/nodes/${name}/metrics`,
  kubelet: (name: string): string => `/kubelets/${name}/metrics`,
  kubeState: '/kube-state-metrics/metrics',
  apiServer: '/apiserver/metrics',
  kueue: '/kueue/metrics',
} as const;

export interface SimulatedPlatform {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

/** Gives a page as it is at a moment. */
type Page = (atSeconds: number) => string;

/**
 * One server for all that stands around the GPUs: node_exporter and kubelet of each node, kube-state-metrics, API server and Kueue. It says so
 * in its header. Pods stay as they are at the end of the month.
 */
export async function startSimulatedPlatform(
  month: Month,
  { clock }: { readonly clock: Clock },
): Promise<SimulatedPlatform> {
  const pages = platformPages(month, clock.now());
  const server = createServer(({ url = '' }, response) => {
    const page = pages.get(url);
    response.setHeader('Server', 'fleetlens-simulated-platform');
    if (page === undefined) {
      response
        .writeHead(404, { 'Content-Type': 'text/plain' })
        .end(`No such page. There are: ${[...pages.keys()].slice(0, 8).join(' ')} …\n`);
      return;
    }
    response.setHeader('Content-Type', 'text/plain; version=0.0.4; charset=utf-8').end(page(clock.now()));
  });
  const address = { host: '127.0.0.1', port: 0 };
  await listen(server, address);
  return { url: urlOf(server, address, false), stop: () => close(server) };
}

/** By path. */
export function platformPages(month: Month, nowSeconds: number): ReadonlyMap<string, Page> {
  const { seed, nodes, gpus } = month.key;
  const ofNodes = simulatedCluster(nodes).nodes.flatMap(({ name }, node): readonly (readonly [string, Page])[] => {
    const key = { seed, node, gpus };
    const work = nodeWork(key, nowSeconds);
    return [
      [platformPaths.node(name), (atSeconds) => nodePage(name, work, atSeconds)],
      [platformPaths.kubelet(name), (atSeconds) => kubeletPage(name, key, atSeconds)],
    ];
  });
  const kubeState = kubeStateText(month);
  const kueue = kueuePage(month);
  const api = apiServerWork({ seed, nodes }, nowSeconds);
  return new Map<string, Page>([
    ...ofNodes,
    [platformPaths.kubeState, () => kubeState],
    [platformPaths.kueue, () => kueue],
    [platformPaths.apiServer, (atSeconds) => apiServerPage(api, atSeconds)],
  ]);
}

function close(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => {
    server.close(() => resolve());
  });
}
