import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RunningChild, startChild } from './child-process.ts';
import { eventually } from './eventually.ts';
import { freePort } from './free-port.ts';
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

/** Starts a real Alertmanager by itself on a free port of loopback and waits until it is ready. */
export async function startAlertmanager({ config, args = [] }: AlertmanagerSettings): Promise<RunningAlertmanager> {
  const folder = mkdtempSync(join(tmpdir(), 'fleetlens-alertmanager-'));
  const configFile = join(folder, 'alertmanager.yml');
  // JSON is YAML, so the test needs no YAML writer.
  writeFileSync(configFile, JSON.stringify(config));
  const address = `127.0.0.1:${await freePort()}`;
  const child = startChild({
    program: tool('alertmanager'),
    args: [
      `--config.file=${configFile}`,
      `--storage.path=${join(folder, 'data')}`,
      `--web.listen-address=${address}`,
      '--cluster.listen-address=',
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
    await eventually('Alertmanager to be ready', () => isReady(url, child));
  } catch (cause) {
    await stop();
    throw new Error(`Alertmanager did not become ready. It logged:\n${child.stderr()}`, { cause });
  }
  return { url, log: child.stderr, stop };
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

async function isReady(url: string, child: RunningChild): Promise<true | undefined> {
  if (child.end() !== undefined) throw new Error(`ended with ${child.end()}`);
  try {
    const response = await fetch(`${url}/-/ready`, { signal: AbortSignal.timeout(1_000) });
    await response.text();
    return response.ok ? true : undefined;
  } catch {
    return undefined;
  }
}
