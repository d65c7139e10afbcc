import { createServer } from 'node:http';
import { fleet, type Target } from './fleet.ts';
import { type ValueAt, valuesOf } from './values.ts';

/** `fleet-side.ts GPUS CLUSTERS PORT`: serves every target of a fleet as /N, and their list for http_sd as /targets. */
const [gpus, clusters, port] = process.argv.slice(2).map(Number);
if (gpus === undefined || clusters === undefined || port === undefined) throw new Error('GPUS CLUSTERS PORT');

interface Line {
  readonly head: string;
  readonly valueAt: ValueAt;
  readonly phase: number;
}

const targets = fleet({ gpus, clusters });
const pages = targets.map(linesOf);
const discovery = JSON.stringify(
  targets.map(({ labels }, index) => ({
    targets: [`127.0.0.1:${port}`],
    labels: { ...labels, instance: `${labels.node}:${labels.job}`, __metrics_path__: `/${index}` },
  })),
);

const server = createServer((request, response) => {
  if (request.url === '/targets') {
    response.setHeader('content-type', 'application/json').end(discovery);
    return;
  }
  const page = pages[Number(request.url?.slice(1))];
  if (page === undefined) response.writeHead(404).end();
  else response.setHeader('content-type', 'text/plain; version=0.0.4').end(textOf(page, Date.now() / 1000));
});
server.listen(port, '127.0.0.1', () => {
  const series = pages.reduce((sum, page) => sum + page.length, 0);
  console.log(JSON.stringify({ targets: targets.length, series, bytes: textOf(pages[0] ?? [], 0).length }));
});
process.once('SIGTERM', () => process.exit(0));

function linesOf({ series }: Target, target: number): readonly Line[] {
  return series.map(({ name, labels }, index) => {
    const pairs = Object.entries(labels).map(([label, value]) => `${label}=${JSON.stringify(value)}`);
    return { head: `${name}{${pairs.join(',')}} `, valueAt: valuesOf(name), phase: ((target * 31 + index) % 97) / 97 };
  });
}

function textOf(lines: readonly Line[], seconds: number): string {
  let text = '';
  for (const { head, valueAt, phase } of lines) text += `${head}${valueAt(seconds, phase)}\n`;
  return text;
}
