import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ChannelKind } from '../../alertmanager/bridge/channels/channel.ts';
import { channelKinds } from '../../alertmanager/bridge/channels/index.ts';
import { bridgeDaemonWith } from '../../alertmanager/bridge/main.ts';
import { type Clock, systemClock } from '../../kit/clock.ts';
import { startDaemon } from '../../kit/daemon.ts';
import type { Log } from '../../kit/log.ts';
import { fakeKind } from './fake-robot.ts';
import { quietLog } from './stores.ts';

export interface RunningBridge {
  readonly url: string;
  readonly folder: string;
  /** Writes the file anew and sends SIGHUP, so to speak. */
  readonly reload: (config: object) => void;
  readonly stop: () => Promise<void>;
}

export interface BridgeSettings {
  readonly args?: readonly string[];
  readonly log?: Log;
  /** In place of every kind of robot. */
  readonly kinds?: Readonly<Record<string, ChannelKind<unknown>>>;
}

/** `fleetlens bridge` in this process, with every kind of robot and a fake one. */
export async function startBridgeDaemon(
  config: object,
  clock: Clock = systemClock,
  { args = [], log = quietLog, kinds = channelKinds }: BridgeSettings = {},
): Promise<RunningBridge> {
  const folder = mkdtempSync(join(tmpdir(), 'fleetlens-bridge-'));
  const file = join(folder, 'bridge.yaml');
  const write = (content: object): void => writeFileSync(file, JSON.stringify(content));
  write(config);
  const daemon = await startDaemon(bridgeDaemonWith({ ...kinds, fake: fakeKind }), {
    sources: {
      argv: ['--web.listen-address=127.0.0.1:0', `--bridge.file=${file}`, ...args],
      env: {},
      readFile: (path) => readFileSync(path, 'utf8'),
    },
    log,
    clock,
  });
  return {
    url: daemon.url,
    folder,
    reload: (next) => {
      write(next);
      daemon.reload();
    },
    stop: async () => {
      await daemon.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export interface SampleAlert {
  readonly name?: string;
  readonly severity?: string;
  readonly node?: string;
  readonly status?: 'firing' | 'resolved';
  readonly startsAt?: string;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly labels?: Readonly<Record<string, string>>;
}

/** A message of Alertmanager's webhook, version 4, for one group. */
export function webhookMessage(groupKey: string, alerts: readonly SampleAlert[]): object {
  return {
    version: '4',
    groupKey,
    receiver: 'sre',
    status: 'firing',
    truncatedAlerts: 0,
    groupLabels: { alertname: alerts[0]?.name ?? 'GpuLost' },
    commonLabels: {},
    commonAnnotations: {},
    externalURL: 'http://alertmanager.example.com',
    alerts: alerts.map((alert, index) => ({
      status: alert.status ?? 'firing',
      labels: {
        alertname: alert.name ?? 'GpuLost',
        severity: alert.severity ?? 'warning',
        node: alert.node ?? 'n1',
        ...alert.labels,
      },
      annotations: { summary: 'A GPU is gone.', description: 'Look at it.', ...alert.annotations },
      startsAt: alert.startsAt ?? '2026-01-01T00:00:00Z',
      endsAt: alert.status === 'resolved' ? '2026-01-01T01:00:00Z' : '0001-01-01T00:00:00Z',
      generatorURL: 'http://prometheus.example.com',
      fingerprint: `${index}${groupKey.length}${Buffer.from(`${groupKey}${alert.name ?? ''}`).toString('hex')}`.slice(
        0,
        60,
      ),
    })),
  };
}

export async function notify(
  bridgeUrl: string,
  robot: string,
  body: object | string,
  signal?: AbortSignal,
  headers: Readonly<Record<string, string>> = {},
): Promise<{ readonly status: number; readonly text: string; readonly retryAfter: string | null }> {
  const response = await fetch(`${bridgeUrl}/notify/${robot}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
    ...(signal === undefined ? {} : { signal }),
  });
  return { status: response.status, text: await response.text(), retryAfter: response.headers.get('retry-after') };
}
