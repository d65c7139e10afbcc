import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildDist } from '../support/dist.ts';
import { eventually } from '../support/eventually.ts';
import { freePort } from '../support/free-port.ts';
import { tool } from '../support/tools.ts';

const root = join(import.meta.dirname, '..', '..');
const parts = [
  'gpu',
  'training',
  'inference',
  'proxy',
  'cmdb',
  'billing',
  'prediction',
  'prometheus',
  'alertmanager',
  'receiver',
  'preview',
];

export interface BrowserStack {
  /** Address of the page by the libraries that it is built on. */
  readonly urls: { readonly g12: string; readonly g13: string };
  readonly stop: () => Promise<void>;
}

/** Starts `fleetlens up` with the simulated fleet as people start it, and beside it the page with the older libraries. */
export async function startStack(more: readonly string[] = []): Promise<BrowserStack> {
  const dist = await buildDist();
  const ports = new Map<string, number>();
  for (const part of parts) ports.set(part, await freePort());
  const at = (part: string): string => `http://127.0.0.1:${ports.get(part)}`;
  const folder = mkdtempSync(join(tmpdir(), 'fleetlens-browser-'));
  const log = join(folder, 'output.log');
  const children: ChildProcess[] = [];
  const run = (...args: readonly string[]): void => {
    const output = openSync(log, 'a');
    children.push(
      spawn(process.execPath, [join(dist, 'cli', 'main.js'), ...args], {
        cwd: root,
        stdio: ['ignore', output, output],
      }),
    );
  };
  const stop = async (): Promise<void> => {
    await Promise.all(children.map(endChild));
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    run(
      'up',
      '--source=simulated',
      '--scenario=overheat',
      ...more,
      `--prometheus.bin=${tool('prometheus')}`,
      `--alertmanager.bin=${tool('alertmanager')}`,
      ...parts.map((part) => `--${part}.port=${ports.get(part)}`),
    );
    const g12Port = await freePort();
    run(
      'preview',
      `--web.listen-address=127.0.0.1:${g12Port}`,
      `--host.folder=${join(root, 'grafana-plugin', 'dist-preview', 'g12')}`,
      ...['prometheus', 'alertmanager', 'cmdb', 'billing', 'prediction'].map((part) => `--${part}.url=${at(part)}`),
    );
    const urls = { g12: `http://127.0.0.1:${g12Port}`, g13: at('preview') };
    await allThere(urls, { children, log, prometheus: at('prometheus') });
    return { urls, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

interface Watched {
  readonly children: readonly ChildProcess[];
  readonly log: string;
  readonly prometheus: string;
}

/** Series that come last: recorded ones, the inventory, bills and the forecast. */
const lastSeries = [
  'node:gpu_utilization_ratio:avg',
  'cmdb_ci_info',
  'billing_period_elapsed_ratio',
  'prediction_failure_probability',
];

async function allThere(urls: BrowserStack['urls'], { children, log, prometheus }: Watched): Promise<void> {
  const unlessEnded = async <T>(answer: Promise<T>): Promise<T> => {
    if (children.some(({ exitCode }) => exitCode !== null))
      throw new Error(`the stack has ended:\n${readFileSync(log, 'utf8')}`);
    return answer;
  };
  for (const url of Object.values(urls))
    await eventually(`the page at ${url}`, () => unlessEnded(answers(url)), { withinSeconds: 300 });
  for (const series of lastSeries)
    await eventually(series, () => unlessEnded(hasSeries(prometheus, series)), { withinSeconds: 300 });
}

async function answers(url: string): Promise<true | undefined> {
  const response = await fetch(url).catch(() => undefined);
  return response?.ok === true ? true : undefined;
}

async function hasSeries(prometheus: string, series: string): Promise<true | undefined> {
  const query = new URLSearchParams({ query: `count({__name__="${series}"})` });
  const response = await fetch(`${prometheus}/api/v1/query?${query}`).catch(() => undefined);
  const answer = response?.ok === true ? ((await response.json()) as { data: { result: unknown[] } }) : undefined;
  return answer !== undefined && answer.data.result.length > 0 ? true : undefined;
}

async function endChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  child.kill('SIGTERM');
  await once(child, 'exit');
}
