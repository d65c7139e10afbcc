import { readFileSync } from 'node:fs';
import { Agent, get as httpGet } from 'node:http';
import { childrenOf } from '../support/child-process.ts';
import { type RunningDaemon, scrape, startDaemonProcess } from '../support/cli.ts';
import { eventually } from '../support/eventually.ts';
import { buildFakeNvml } from '../support/fake-nvml.ts';

/** The compiled exporter with its driver process over the fake NVML library, and what the two cost the machine. */

export async function startExporter(state: string, args: readonly string[]): Promise<RunningDaemon> {
  const daemon = await startDaemonProcess(['gpu', `--nvml.library=${buildFakeNvml()}`, ...args], {
    env: { FAKE_NVML_STATE: state },
  });
  await showsGpus(daemon);
  return daemon;
}

export function showsGpus({ url }: RunningDaemon): Promise<true> {
  return eventually('the first metrics', async () =>
    (await scrape(url)).includes('gpu_temperature_celsius{') ? true : undefined,
  );
}

/** A scrape as Prometheus does it, up to the last byte and without unpacking, which is not the exporter's time. */
export async function scrapeTimeMs({ url }: RunningDaemon, agent: Agent): Promise<number> {
  const headers = { accept: 'application/openmetrics-text;version=1.0.0', 'accept-encoding': 'gzip' };
  const started = performance.now();
  await new Promise<void>((resolve, reject) => {
    const request = httpGet(`${url}/metrics`, { agent, headers }, (response) => {
      if (response.statusCode !== 200) reject(new Error(`scrape answered ${response.statusCode}`));
      response.resume().once('end', resolve);
    });
    request.once('error', reject);
  });
  return performance.now() - started;
}

export async function scrapeTimesMs(daemon: RunningDaemon, count: number, pauseMs = 0): Promise<readonly number[]> {
  const times: number[] = [];
  const agent = new Agent({ keepAlive: true });
  for (let index = 0; index < count; index++) {
    times.push(await scrapeTimeMs(daemon, agent));
    if (pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
  agent.destroy();
  return times;
}

/** Proportional set size: what the processes cost the machine, shared pages counted once. */
export function pssMebibytes(daemon: RunningDaemon): number {
  return mebibytes(daemon, /^Pss:\s+(\d+) kB/m);
}

/** The part that no file stands behind: heaps and stacks. It does not depend on how many others run the same program. */
export function anonymousMebibytes(daemon: RunningDaemon): number {
  return mebibytes(daemon, /^Pss_Anon:\s+(\d+) kB/m);
}

function mebibytes(daemon: RunningDaemon, line: RegExp): number {
  const kibibytes = processes(daemon).map((pid) =>
    Number(line.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1]),
  );
  return kibibytes.reduce((sum, value) => sum + value, 0) / 1024;
}

/** User and system time of both processes from /proc/<pid>/stat, in ticks of 10 ms. */
export function cpuSeconds(daemon: RunningDaemon): number {
  return processes(daemon).reduce((sum, pid) => sum + cpuSecondsOf(pid), 0);
}

export function cpuSecondsOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** Driver calls and their time since the exporter started, all families together. */
export async function driverCost({
  url,
}: RunningDaemon): Promise<{ readonly calls: number; readonly seconds: number }> {
  const lines = (await scrape(url)).split('\n');
  const total = (name: string): number =>
    lines.filter((line) => line.startsWith(`${name}{`)).reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
  return { calls: total('gpu_read_calls_total'), seconds: total('gpu_read_seconds_total') };
}

export async function seriesCount({ url }: RunningDaemon): Promise<number> {
  return (await scrape(url)).split('\n').filter((line) => line !== '' && !line.startsWith('#')).length;
}

function processes({ child }: RunningDaemon): readonly number[] {
  return [child.pid, ...childrenOf(child.pid)];
}
