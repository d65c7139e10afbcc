import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type RunningChild, startChild } from './child-process.ts';
import { eventually } from './eventually.ts';
import { freePort } from './free-port.ts';
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

export interface RunningPrometheus {
  readonly url: string;
  /** What the server has logged so far. */
  readonly log: () => string;
  readonly stop: () => Promise<void>;
}

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
  const child = startChild({
    program: tool('prometheus'),
    args: [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${dataDir}`,
      `--web.listen-address=${address}`,
      ...args,
    ],
    cwd: folder,
  });
  const stop = async (): Promise<void> => {
    await child.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  const url = `http://${address}`;
  try {
    await eventually('Prometheus to be ready', () => isReady(url, child));
  } catch (cause) {
    await stop();
    throw new Error(`Prometheus did not become ready. It logged:\n${child.stderr()}`, { cause });
  }
  return { url, log: child.stderr, stop };
}

async function isReady(url: string, child: RunningChild): Promise<true | undefined> {
  if (child.end() !== undefined) throw new Error(`ended with ${child.end()}`);
  try {
    const response = await fetch(`${url}/-/ready`, { signal: AbortSignal.timeout(1000) });
    await response.text();
    return response.ok ? true : undefined;
  } catch {
    return undefined;
  }
}
