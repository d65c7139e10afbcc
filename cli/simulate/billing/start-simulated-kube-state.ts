import { createServer, type Server } from 'node:http';
import { formatValue } from '../../../kit/exposition/format-value.ts';
import { listen, urlOf } from '../../../kit/http/listen.ts';
import { kubeStateTarget } from './kube-state-target.ts';
import type { Month } from './month.ts';

/** What kube-state-metrics would show of the simulated cluster from now on. */
export interface SimulatedKubeState {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

/** The cluster stays as it is at the end of the month. */
export async function startSimulatedKubeState(month: Month): Promise<SimulatedKubeState> {
  const text = kubeStateText(month);
  const server = createServer((_request, response) => {
    response.setHeader('Content-Type', 'text/plain; version=0.0.4; charset=utf-8').end(text);
  });
  const address = { host: '127.0.0.1', port: 0 };
  await listen(server, address);
  return { url: urlOf(server, address, false), stop: () => close(server) };
}

/** In the text format of Prometheus, without the labels that a scrape adds. */
export function kubeStateText(month: Month): string {
  let text = '';
  kubeStateTarget(month, ['']).scrape(month.key.span.endMs - 1, ({ texts: [head = ''] }, value) => {
    text += `${head}${formatValue(value)}\n`;
  });
  return text;
}

function close(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => {
    server.close(() => resolve());
  });
}
