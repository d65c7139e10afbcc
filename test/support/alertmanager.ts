import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from './eventually.ts';
import { tool } from './tools.ts';

export interface AlertmanagerSettings {
  /** What alertmanager.yml holds. */
  readonly config: object;
  readonly args?: readonly string[];
}

export interface RunningAlertmanager {
  readonly url: string;
  /** What the server has logged so far. */
  readonly log: () => string;
  readonly stop: () => Promise<void>;
}

export type Labels = Readonly<Record<string, string>>;

export interface SentAlert {
  readonly labels: Labels;
  readonly annotations?: Labels;
  /** An alert that is over already. */
  readonly isOver?: boolean;
}

const stopWithinMs = 10_000;

/** Starts a real Alertmanager by itself on a free port of loopback and waits until it is ready. */
export async function startAlertmanager({ config, args = [] }: AlertmanagerSettings): Promise<RunningAlertmanager> {
  const folder = mkdtempSync(join(tmpdir(), 'fleetlens-alertmanager-'));
  const configFile = join(folder, 'alertmanager.yml');
  // JSON is YAML, so the test needs no YAML writer.
  writeFileSync(configFile, JSON.stringify(config));
  const address = `127.0.0.1:${await freePort()}`;
  const child = spawn(
    tool('alertmanager'),
    [
      `--config.file=${configFile}`,
      `--storage.path=${join(folder, 'data')}`,
      `--web.listen-address=${address}`,
      '--cluster.listen-address=',
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
    await eventually('Alertmanager to be ready', () => isReady(url, child));
  } catch (cause) {
    await stop();
    throw new Error(`Alertmanager did not become ready. It logged:\n${log()}`, { cause });
  }
  return { url, log, stop };
}

/** Sends alerts as Prometheus does; they fire from now on, or are over. */
export async function sendAlerts(url: string, alerts: readonly SentAlert[]): Promise<void> {
  const now = Date.now();
  const body = alerts.map(({ labels, annotations = {}, isOver = false }) => ({
    labels,
    annotations,
    startsAt: new Date(now - 60_000).toISOString(),
    ...(isOver ? { endsAt: new Date(now - 1_000).toISOString() } : {}),
  }));
  const response = await fetch(`${url}/api/v2/alerts`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(5_000),
  });
  if (!response.ok) throw new Error(`Alertmanager refused the alerts: ${response.status} ${await response.text()}`);
}

export interface ListedAlert {
  readonly fingerprint: string;
  readonly labels: Labels;
  readonly status: { readonly state: string; readonly inhibitedBy: readonly string[] };
}

export async function listAlerts(url: string): Promise<readonly ListedAlert[]> {
  const response = await fetch(`${url}/api/v2/alerts`, { signal: AbortSignal.timeout(5_000) });
  return (await response.json()) as readonly ListedAlert[];
}

async function isReady(url: string, child: ChildProcess): Promise<true | undefined> {
  if (hasEnded(child)) throw new Error(`exited with ${child.exitCode ?? child.signalCode}`);
  try {
    const response = await fetch(`${url}/-/ready`, { signal: AbortSignal.timeout(1_000) });
    await response.text();
    return response.ok ? true : undefined;
  } catch {
    return undefined;
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
