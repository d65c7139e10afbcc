import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port.ts';
import { type RunningServer, startServer } from './server-process.ts';
import { tool } from './tools.ts';

export interface AlertmanagerSettings {
  /** What alertmanager.yml holds, or the path of one. */
  readonly config: object | string;
  readonly args?: readonly string[];
}

export type RunningAlertmanager = RunningServer;

export type Labels = Readonly<Record<string, string>>;

export interface SentAlert {
  readonly labels: Labels;
  readonly annotations?: Labels;
  /** An alert that is over already. */
  readonly isOver?: boolean;
  /** Since when it fires; a minute ago unless given. Alertmanager does not wait with a group whose alert is older than group_wait. */
  readonly startsAtMs?: number;
}

/** Starts a real Alertmanager by itself on a free port of loopback and waits until it is ready. */
export async function startAlertmanager({ config, args = [] }: AlertmanagerSettings): Promise<RunningAlertmanager> {
  const folder = mkdtempSync(join(tmpdir(), 'fleetlens-alertmanager-'));
  const configFile = typeof config === 'string' ? config : join(folder, 'alertmanager.yml');
  // JSON is YAML, so the test needs no YAML writer.
  if (typeof config === 'object') writeFileSync(configFile, JSON.stringify(config));
  const address = `127.0.0.1:${await freePort()}`;
  return startServer({
    name: 'Alertmanager',
    program: tool('alertmanager'),
    args: [
      `--config.file=${configFile}`,
      `--storage.path=${join(folder, 'data')}`,
      `--web.listen-address=${address}`,
      '--cluster.listen-address=',
      ...args,
    ],
    folder,
    address,
  });
}

/** Sends alerts as Prometheus does; they fire from now on, or are over. */
export async function sendAlerts(url: string, alerts: readonly SentAlert[]): Promise<void> {
  const now = Date.now();
  const body = alerts.map(({ labels, annotations = {}, isOver = false, startsAtMs = now - 60_000 }) => ({
    labels,
    annotations,
    startsAt: new Date(startsAtMs).toISOString(),
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
  readonly receivers: readonly { readonly name: string }[];
  readonly status: { readonly state: string; readonly inhibitedBy: readonly string[] };
}

export async function listAlerts(url: string): Promise<readonly ListedAlert[]> {
  const response = await fetch(`${url}/api/v2/alerts`, { signal: AbortSignal.timeout(5_000) });
  return (await response.json()) as readonly ListedAlert[];
}
