import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { Agent, get as httpGet } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { childrenOf } from '../support/child-process.ts';
import { type RunningDaemon, scrape, startDaemonProcess } from '../support/cli.ts';
import { eventually } from '../support/eventually.ts';
import { buildFakeNvml, writeFakeState } from '../support/fake-nvml.ts';
import { type Bench, quantile, type Row, row } from './bench.ts';

const gpus = 8;
const starts = 5;
const scrapes = 1000;
const scrapesInTrouble = 100;

export const gpuScrape: Bench = {
  name: 'gpu-scrape',
  about: `the GPU exporter with ${gpus} GPUs of the fake NVML library, as its own processes; there is no dcgm-exporter to run without a GPU`,
  run: async (progress) => {
    const folder = mkdtempSync(join(tmpdir(), 'fleetlens-bench-'));
    const state = join(folder, 'state');
    writeFakeState(state, [`count=${gpus}`]);
    try {
      progress(`${starts} starts`);
      const firstMetrics: number[] = [];
      for (let start = 0; start < starts; start++) firstMetrics.push(await firstMetricsSeconds(state));
      const daemon = await startExporter(state);
      try {
        await showsGpus(daemon);
        return [seconds('first metrics after start', firstMetrics), ...(await measure(daemon, progress))];
      } finally {
        await daemon.child.stop();
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
};

async function measure(daemon: RunningDaemon, progress: (step: string) => void): Promise<readonly Row[]> {
  progress(`${scrapes} scrapes`);
  const cpuBefore = cpuSeconds(daemon);
  const started = performance.now();
  const healthy = await scrapeTimes(daemon, scrapes);
  const cpuMs = (cpuSeconds(daemon) - cpuBefore) * 1000;
  const elapsed = (performance.now() - started) / 1000;
  progress('memory');
  const memory = pssMebibytes(daemon);
  progress(
    `${scrapesInTrouble} scrapes after kill -9 of the driver process, and ${scrapesInTrouble} while it is stopped`,
  );
  const [killed = -1] = childrenOf(daemon.child.pid);
  process.kill(killed, 'SIGKILL');
  const afterKill = await scrapeTimes(daemon, scrapesInTrouble);
  await showsGpus(daemon);
  const [stopped = -1] = childrenOf(daemon.child.pid);
  process.kill(stopped, 'SIGSTOP');
  const whileStopped = await scrapeTimes(daemon, scrapesInTrouble, 40);
  return [
    milliseconds('scrape p50', [quantile(healthy, 0.5)]),
    milliseconds('scrape p99', [quantile(healthy, 0.99)]),
    milliseconds('CPU time of the exporter for a scrape, collection included', [cpuMs / scrapes]),
    { ...milliseconds('scrapes a second, one after the other', [scrapes / elapsed]), unit: '1/s' },
    { ...milliseconds('PSS of both processes', [memory]), unit: 'MiB' },
    milliseconds('slowest scrape after kill -9 of the driver process', [Math.max(...afterKill)]),
    milliseconds('slowest scrape while the driver process is stopped', [Math.max(...whileStopped)]),
  ];
}

function startExporter(state: string): Promise<RunningDaemon> {
  return startDaemonProcess(['gpu', `--nvml.library=${buildFakeNvml()}`, '--gpu.interval=1s'], {
    env: { FAKE_NVML_STATE: state },
  });
}

async function firstMetricsSeconds(state: string): Promise<number> {
  const started = performance.now();
  const daemon = await startExporter(state);
  await showsGpus(daemon);
  const elapsed = (performance.now() - started) / 1000;
  await daemon.child.stop();
  return elapsed;
}

function showsGpus({ url }: RunningDaemon): Promise<true> {
  return eventually('the first metrics', async () =>
    (await scrape(url)).includes('gpu_temperature_celsius{') ? true : undefined,
  );
}

async function scrapeTimes({ url }: RunningDaemon, count: number, pauseMs = 0): Promise<readonly number[]> {
  const times: number[] = [];
  const agent = new Agent({ keepAlive: true });
  for (let index = 0; index < count; index++) {
    const started = performance.now();
    await get(url, agent);
    times.push(performance.now() - started);
    if (pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
  agent.destroy();
  return times;
}

/** A scrape as Prometheus does it, up to the last byte and without unpacking, which is not the exporter's time. */
function get(url: string, agent: Agent): Promise<void> {
  const headers = { accept: 'application/openmetrics-text;version=1.0.0', 'accept-encoding': 'gzip' };
  return new Promise((resolve, reject) => {
    const request = httpGet(`${url}/metrics`, { agent, headers }, (response) => {
      if (response.statusCode !== 200) reject(new Error(`scrape answered ${response.statusCode}`));
      response.resume().once('end', resolve);
    });
    request.once('error', reject);
  });
}

function processes({ child }: RunningDaemon): readonly number[] {
  return [child.pid, ...childrenOf(child.pid)];
}

/** Proportional set size: what the processes cost the machine, shared pages counted once. */
function pssMebibytes(daemon: RunningDaemon): number {
  const kibibytes = processes(daemon).map((pid) => {
    const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
    return Number(/^Pss:\s+(\d+) kB/m.exec(text)?.[1]);
  });
  return kibibytes.reduce((sum, value) => sum + value, 0) / 1024;
}

/** User and system time from /proc/<pid>/stat, in ticks of 10 ms. */
function cpuSeconds(daemon: RunningDaemon): number {
  const ticks = processes(daemon).map((pid) => {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /, '')
      .split(' ');
    return Number(fields[11]) + Number(fields[12]);
  });
  return ticks.reduce((sum, value) => sum + value, 0) / 100;
}

function milliseconds(name: string, runs: readonly number[]): Row {
  return row({ bench: 'gpu-scrape', name, unit: 'ms', runs });
}

function seconds(name: string, runs: readonly number[]): Row {
  return row({ bench: 'gpu-scrape', name, unit: 's', runs });
}
