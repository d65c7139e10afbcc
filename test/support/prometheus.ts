import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
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

const readyWithinMs = 20_000;
const stopWithinMs = 10_000;

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
  const child = spawn(
    tool('prometheus'),
    [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${dataDir}`,
      `--web.listen-address=${address}`,
      ...args,
    ],
    { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const log = collectOutput(child);
  const stop = async (): Promise<void> => {
    await stopChild(child);
    rmSync(folder, { recursive: true, force: true });
  };
  const url = `http://${address}`;
  try {
    await waitUntilReady(url, child);
  } catch (cause) {
    await stop();
    throw new Error(`Prometheus did not become ready. It logged:\n${log()}`, { cause });
  }
  return { url, log, stop };
}

async function waitUntilReady(url: string, child: ChildProcess): Promise<void> {
  const giveUpAt = Date.now() + readyWithinMs;
  while (Date.now() < giveUpAt) {
    if (hasEnded(child)) throw new Error(`exited with ${child.exitCode ?? child.signalCode}`);
    if (await isReady(url)) return;
    await sleep(50);
  }
  throw new Error(`not ready after ${readyWithinMs / 1000} s`);
}

async function isReady(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/-/ready`, { signal: AbortSignal.timeout(1000) });
    await response.text();
    return response.ok;
  } catch {
    return false;
  }
}

async function stopChild(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return;
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGTERM');
  const impatience = setTimeout(() => child.kill('SIGKILL'), stopWithinMs);
  await ended;
  clearTimeout(impatience);
}

function hasEnded(child: ChildProcess): boolean {
  return child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
}

function collectOutput(child: ChildProcess): () => string {
  let output = '';
  const keep = (chunk: string): void => {
    output += chunk;
  };
  child.stdout?.setEncoding('utf8').on('data', keep);
  child.stderr?.setEncoding('utf8').on('data', keep);
  child.once('error', (error) => keep(error.message));
  return () => output;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => {
        if (address === null || typeof address === 'string') reject(new Error('no port for a loopback server'));
        else resolve(address.port);
      });
    });
  });
}
