import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, get as httpGet } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { endCliProcesses, type RunningDaemon, startDaemonProcess } from '../../support/cli.ts';
import { type FleetSize, largeFleet } from '../../support/cmdb-fleet.ts';
import { quantile, type Row, row } from '../bench.ts';
import { pssMebibytes, scrapeTimesMs } from '../exporter-process.ts';
import { importFleet } from './import-fleet.ts';

/** The servers and GPUs alone, which is what the first import of most people holds. */
const plain: FleetSize = { ...largeFleet, applications: 0 };
const requests = 200;
const changes = 20;

/** Import into the embedded database, and the daemon as it is installed on top of it. */
export async function daemonRows(progress: (step: string) => void): Promise<readonly Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'cmdb-bench-'));
  try {
    progress('importing the fleet into the embedded database, then once more');
    const imported = await importTimes(join(folder, 'db'));
    progress('starting the daemon on it');
    const started = performance.now();
    const daemon = await startDaemonProcess(['cmdb', `--store.folder=${join(folder, 'db')}`]);
    const startMs = performance.now() - started;
    return [
      ...imported,
      figure('start of the daemon with all of it, until it listens', 'ms', [startMs]),
      ...(await ask(daemon, progress)),
    ];
  } finally {
    await endCliProcesses();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function importTimes(folder: string): Promise<readonly Row[]> {
  const [first = Number.NaN, rest = Number.NaN, again = Number.NaN] = await importFleet(folder, [
    plain,
    largeFleet,
    largeFleet,
  ]);
  return [
    figure('import of the fleet without applications, durable', 's', [first / 1000]),
    figure('its 2,800 applications on top', 's', [rest / 1000]),
    figure('the same look again, nothing new', 's', [again / 1000]),
  ];
}

async function ask(daemon: RunningDaemon, progress: (step: string) => void): Promise<readonly Row[]> {
  progress(`asking it ${requests} times each`);
  const agent = new Agent({ keepAlive: true });
  const times = async (path: string, count = requests): Promise<readonly number[]> => {
    const found: number[] = [];
    for (let index = 0; index < count; index += 1) found.push(await requestMs(`${daemon.url}${path}`, agent));
    return found;
  };
  const [firstSd = Number.NaN] = await times('/api/v1/sd/node', 1);
  await sleep(5000);
  const sd = await times('/api/v1/sd/node');
  const afterChange: number[] = [];
  for (let index = 0; index < changes; index += 1) {
    await changeSomething(daemon, index);
    afterChange.push(...(await times('/api/v1/sd/node', 1)));
  }
  const words = Array.from({ length: requests }, (_, index) => `/api/v1/search?q=node-${index}&limit=20`);
  const search: number[] = [];
  for (const path of words) search.push(...(await times(path, 1)));
  const scrapes = await scrapeTimesMs(daemon, 20);
  agent.destroy();
  await sleep(20_000);
  return [
    figure('http_sd of 1,250 targets, p99', 'ms', [quantile(sd, 0.99)]),
    figure('http_sd of 1,250 targets right after a change', 'ms', afterChange),
    figure('http_sd of 1,250 targets, the first answer after the start', 'ms', [firstSd]),
    figure('search over HTTP, p95', 'ms', [quantile(search, 0.95)]),
    figure('scrape of its metrics, p50', 'ms', scrapes),
    figure('memory (PSS) idle, embedded database included', 'MiB', [pssMebibytes(daemon)]),
  ];
}

async function changeSomething({ url }: RunningDaemon, index: number): Promise<void> {
  const body = JSON.stringify({ class: 'site', name: `new-${index}` });
  const answer = await fetch(`${url}/api/v1/items`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  });
  if (answer.status !== 201) throw new Error(`the inventory answered ${answer.status}`);
}

function requestMs(url: string, agent: Agent): Promise<number> {
  const started = performance.now();
  return new Promise((resolve, reject) => {
    httpGet(url, { agent }, (response) => {
      if (response.statusCode !== 200) reject(new Error(`${url} answered ${response.statusCode}`));
      response.resume().once('end', () => resolve(performance.now() - started));
    }).once('error', reject);
  });
}

function figure(name: string, unit: string, runs: readonly number[]): Row {
  return row({ bench: 'cmdb', name, unit, runs });
}
