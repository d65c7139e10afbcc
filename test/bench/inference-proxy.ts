import { type ChildProcess, fork, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { buildDist } from '../support/dist.ts';
import { eventually } from '../support/eventually.ts';
import { type Bench, quantile, type Row, row } from './bench.ts';
import type { LoadOrder, LoadResult } from './inference-proxy/load-side.ts';

const bench = 'inference-proxy';
const rounds = 7;
const paceMs = 20;
const idleConnections = 5000;
const folder = join(import.meta.dirname, 'inference-proxy');
/** One core for the proxy, the other for both ends; without it the scheduler decides, and the tails are its. */
const taskset = '/usr/bin/taskset';

type Way = 'direct' | 'ours' | 'express';
const ways: readonly Way[] = ['direct', 'ours', 'express'];

interface Side {
  readonly child: ChildProcess;
  readonly url: string;
}

/** What one round of one way showed. */
interface Round {
  readonly chunkP50: number;
  readonly chunkP99: number;
  readonly firstTokenP50: number;
  readonly tokensPerCpuSecond: number;
  readonly tokensPerSecond: number;
}

export const inferenceProxy: Bench = {
  name: bench,
  about: `streams of one token every ${paceMs} ms through the metering proxy, against none and against express with http-proxy-middleware that measures nothing`,
  run: async (progress) => {
    const load = await startSide(join(folder, 'load-side.ts'), []);
    const upstream = load.url;
    const ours = await startOurs(upstream);
    const express = await startSide(join(folder, 'express-side.ts'), [upstream], 1);
    const urls: Readonly<Record<Way, string>> = { direct: upstream, ours: ours.url, express: express.url };
    const pids: Readonly<Record<Way, number | undefined>> = {
      direct: undefined,
      ours: ours.child.pid,
      express: express.child.pid,
    };
    try {
      const rows: Row[] = [];
      progress('warming up');
      for (const way of ways) await measure(load, { url: urls[way], streams: 100, tokens: 150, paceMs }, pids[way]);
      for (const streams of [50, 200, 400]) {
        progress(`${streams} streams, ${rounds} rounds of each way`);
        rows.push(...(await compare(load, streams, { urls, pids, lag: () => loopLag(ours) })));
      }
      progress('1,000 open streams');
      rows.push(...(await openStreams(load, { urls, pids })));
      progress(`${idleConnections.toLocaleString('en')} idle connections`);
      rows.push(await idle(load, ours));
      return rows;
    } finally {
      for (const { child } of [load, ours, express]) child.kill('SIGTERM');
    }
  },
};

interface Sides {
  readonly urls: Readonly<Record<Way, string>>;
  readonly pids: Readonly<Record<Way, number | undefined>>;
}

/** Way by way in turn, so that a busy neighbour of this machine meets all. */
async function compare(
  load: Side,
  streams: number,
  { urls, pids, lag }: Sides & { readonly lag: () => Promise<number> },
): Promise<readonly Row[]> {
  const results = new Map<Way, Round[]>(ways.map((way) => [way, []]));
  const lags: number[] = [];
  for (let index = 0; index < rounds; index++) {
    for (const way of ways) {
      if (way === 'ours') await lag();
      const order = { url: urls[way], streams, tokens: 150, paceMs };
      results.get(way)?.push(await measure(load, order, pids[way]));
      if (way === 'ours') lags.push(await lag());
    }
  }
  const of = (way: Way, part: keyof Round): readonly number[] => (results.get(way) ?? []).map((each) => each[part]);
  const added = (way: Way, part: keyof Round): readonly number[] =>
    of(way, part).map((value, index) => value - (of('direct', part)[index] ?? 0));
  const figure = (name: string, part: keyof Round): Row =>
    row({
      bench,
      name: `${streams} streams, ${name}`,
      unit: 'ms',
      runs: added('ours', part),
      baselineRuns: added('express', part),
    });
  return [
    figure('latency added to a chunk, p50', 'chunkP50'),
    figure('latency added to a chunk, p99', 'chunkP99'),
    figure('latency added to the first token, p50', 'firstTokenP50'),
    row({
      bench,
      name: `${streams} streams, tokens for a second of CPU time`,
      unit: 'tokens',
      runs: of('ours', 'tokensPerCpuSecond'),
      baselineRuns: of('express', 'tokensPerCpuSecond'),
    }),
    row({
      bench,
      name: `${streams} streams, tokens passed on in a second`,
      unit: 'tokens',
      runs: of('ours', 'tokensPerSecond'),
    }),
    row({ bench, name: `${streams} streams, delay of the event loop, p99`, unit: 'ms', runs: lags }),
  ];
}

async function measure(load: Side, order: LoadOrder, pid: number | undefined): Promise<Round> {
  const before = pid === undefined ? 0 : cpuSeconds(pid);
  const result = await loaded(load, order);
  const cpu = pid === undefined ? Number.NaN : cpuSeconds(pid) - before;
  return {
    chunkP50: quantile(result.chunkMs, 0.5),
    chunkP99: quantile(result.chunkMs, 0.99),
    firstTokenP50: quantile(result.firstTokenMs, 0.5),
    tokensPerCpuSecond: result.tokens / cpu,
    tokensPerSecond: result.tokens / result.seconds,
  };
}

async function openStreams(load: Side, { urls, pids }: Sides): Promise<readonly Row[]> {
  const memory = new Map<Way, number>();
  for (const way of ['ours', 'express'] as const) {
    const streams = 1000;
    const pending = loaded(load, { url: urls[way], streams, tokens: 20, paceMs: 500, hold: true });
    await sleep(15_000);
    memory.set(way, pssMebibytes(pids[way] ?? 0));
    load.child.send('release');
    await pending;
  }
  return [
    row({
      bench,
      name: '1,000 open streams, memory (PSS)',
      unit: 'MiB',
      runs: [memory.get('ours') ?? Number.NaN],
      baselineRuns: [memory.get('express') ?? Number.NaN],
    }),
  ];
}

/** Connections that were opened and on which nothing is said. A request beside them shows that nobody is kept out. */
async function idle(load: Side, ours: Side): Promise<Row> {
  const { hostname, port } = new URL(ours.url);
  const before = pssMebibytes(ours.child.pid ?? 0);
  const sockets = await Promise.all(
    Array.from({ length: idleConnections }, () => {
      const socket = connect(Number(port), hostname).on('error', () => undefined);
      return new Promise<Socket>((resolve) => socket.once('connect', () => resolve(socket)));
    }),
  );
  const { tokens } = await loaded(load, { url: ours.url, streams: 1, tokens: 10, paceMs });
  if (tokens !== 10) throw new Error(`${tokens} of 10 tokens came through beside idle connections`);
  const memory = pssMebibytes(ours.child.pid ?? 0);
  for (const socket of sockets) socket.destroy();
  return row({
    bench,
    name: `${idleConnections.toLocaleString('en')} idle connections, memory (PSS), and before them`,
    unit: 'MiB',
    runs: [memory],
    baselineRuns: [before],
  });
}

function loaded({ child }: Side, order: LoadOrder): Promise<LoadResult> {
  return new Promise((resolve) => {
    child.once('message', (message) => resolve(message as LoadResult));
    child.send(order);
  });
}

/** A TypeScript file in a process of its own that tells its port. */
function startSide(file: string, args: readonly string[], core = 0): Promise<Side> {
  const child = fork(file, [...args], { execArgv: process.execArgv, serialization: 'advanced' });
  if (child.pid !== undefined) pin(child.pid, core);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('message', (message) => {
      const { port } = message as { port: number };
      resolve({ child, url: `http://127.0.0.1:${port}` });
    });
  });
}

/** The compiled daemon, as users run it. */
async function startOurs(upstream: string): Promise<Side> {
  const args = [
    '--import',
    join(folder, 'event-loop-lag.mjs'),
    join(await buildDist(), 'cli', 'main.js'),
    'inference',
    `--proxy.upstreams=${upstream}`,
    '--proxy.listen-address=127.0.0.1:0',
    '--web.listen-address=127.0.0.1:0',
  ];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  if (child.pid !== undefined) pin(child.pid, 1);
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    log += text;
    child.emit('logged', log);
  });
  const url = await eventually('the proxy to listen', () => /proxy listening" .*url=(\S+)/.exec(log)?.[1]);
  await eventually('the daemon to listen', () => / msg=listening /.exec(log)?.[0]);
  return { child, url };
}

/** 99th percentile of the delay since it was last asked for. */
function loopLag({ child }: Side): Promise<number> {
  return new Promise((resolve) => {
    child.once('logged', (log: string) => resolve(Number(log.match(/event-loop-lag-p99-ms=(\S+)\s*$/)?.[1])));
    child.kill('SIGUSR2');
  });
}

function pin(pid: number, core: number): void {
  if (existsSync(taskset)) spawn(taskset, ['-a', '-c', '-p', String(core), String(pid)], { stdio: 'ignore' });
}

/** User and system time from /proc/<pid>/stat, in ticks of 10 ms. */
function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** Proportional set size: what the process costs the machine, shared pages counted once. */
function pssMebibytes(pid: number): number {
  return Number(/^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1]) / 1024;
}
