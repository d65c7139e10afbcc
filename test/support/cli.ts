import { join } from 'node:path';
import { type RunningChild, startChild } from './child-process.ts';
import { buildDist } from './dist.ts';
import { eventually } from './eventually.ts';

/** Starts the compiled `fleetlens` command, in an environment without settings of whoever runs the tests. */
export async function startCli(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<RunningChild> {
  const dist = await buildDist();
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('FLEETLENS_'));
  return startChild({
    program: process.execPath,
    args: [join(dist, 'cli', 'main.js'), ...args],
    env: { ...Object.fromEntries(inherited), ...env },
  });
}

export interface RunningDaemon {
  readonly child: RunningChild;
  readonly url: string;
}

/** Starts a daemon on a free port of loopback and waits until it listens. */
export async function startDaemonProcess(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<RunningDaemon> {
  const child = await startCli([...args, '--web.listen-address=127.0.0.1:0'], env);
  const url = await eventually(`${args.join(' ')} to listen`, () => {
    if (child.end() !== undefined) throw new Error(`it ended with ${child.end()}: ${child.stderr()}`);
    return /msg=listening .*url=(\S+)/.exec(child.stderr())?.[1];
  });
  return { child, url };
}

export async function scrape(url: string, headers: Readonly<Record<string, string>> = {}): Promise<string> {
  const response = await fetch(`${url}/metrics`, { headers, signal: AbortSignal.timeout(5000) });
  if (!response.ok) throw new Error(`scrape answered ${response.status}: ${await response.text()}`);
  return response.text();
}

/** Value of the sample whose name and labels are written exactly so; undefined if it is not there. */
export function sampleValue(exposition: string, series: string): number | undefined {
  const line = exposition.split('\n').find((candidate) => candidate.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.slice(series.length + 1));
}
