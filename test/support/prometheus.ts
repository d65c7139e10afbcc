import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { freePort } from './free-port.ts';
import { type RunningServer, startServer } from './server-process.ts';
import { tool } from './tools.ts';

export interface PrometheusSettings {
  /** prometheus.yml, or how to write it for a server at `address` (host:port), such as to let it scrape itself. */
  readonly config: string | ((address: string) => string);
  /** Files beside prometheus.yml, such as rule files. */
  readonly files?: Readonly<Record<string, string>>;
  /** An existing TSDB; kept at the end. Without it the server gets an empty one of its own. */
  readonly dataDir?: string;
  readonly args?: readonly string[];
}

export type RunningPrometheus = RunningServer;

/** Starts a real Prometheus on a free port of loopback and waits until it is ready. */
export async function startPrometheus(settings: PrometheusSettings): Promise<RunningPrometheus> {
  const folder = mkdtempSync(join(tmpdir(), 'fleetlens-prometheus-'));
  const address = `127.0.0.1:${await freePort()}`;
  const { config, files = {}, dataDir = join(folder, 'data'), args = [] } = settings;
  const configText = typeof config === 'string' ? config : config(address);
  for (const [name, text] of Object.entries({ ...files, 'prometheus.yml': configText })) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return startServer({
    name: 'Prometheus',
    program: tool('prometheus'),
    args: [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${dataDir}`,
      `--web.listen-address=${address}`,
      ...args,
    ],
    folder,
    address,
  });
}
