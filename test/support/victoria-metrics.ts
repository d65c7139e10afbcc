import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port.ts';
import { type RunningServer, startServer } from './server-process.ts';
import { tool } from './tools.ts';

/** Starts a real, empty VictoriaMetrics on a free port of loopback and waits until it is ready. It forgets nothing for a hundred years. */
export async function startVictoriaMetrics(args: readonly string[] = []): Promise<RunningServer> {
  const folder = mkdtempSync(join(tmpdir(), 'fleetlens-victoria-'));
  const address = `127.0.0.1:${await freePort()}`;
  return startServer({
    name: 'VictoriaMetrics',
    program: tool('victoria-metrics'),
    args: [
      `-storageDataPath=${join(folder, 'data')}`,
      `-httpListenAddr=${address}`,
      '-retentionPeriod=100y',
      '-memory.allowedBytes=100MB',
      ...args,
    ],
    folder,
    address,
  });
}

/** Takes samples in the text format of Prometheus, with times in milliseconds; they can be asked for when this returns. */
export async function importSamples(url: string, text: string): Promise<void> {
  const response = await fetch(`${url}/api/v1/import/prometheus`, { method: 'POST', body: text });
  if (!response.ok) throw new Error(`VictoriaMetrics refused the samples: ${response.status} ${await response.text()}`);
  await (await fetch(`${url}/internal/force_flush`)).text();
  await (await fetch(`${url}/internal/resetRollupResultCache`)).text();
}
