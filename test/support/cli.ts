import { join } from 'node:path';
import { type RunningChild, startChild } from './child-process.ts';
import { buildDist } from './dist.ts';
import { eventually } from './eventually.ts';

interface CliSettings {
  readonly env?: Readonly<Record<string, string>>;
  /** Limits of the shell that starts it, such as "-n 64" for open files. */
  readonly ulimit?: string;
}

export interface Ended {
  /** Exit status or signal. */
  readonly status: number | string;
  readonly stdout: string;
  readonly stderr: string;
}

const started: RunningChild[] = [];

/** Starts the compiled `fleetlens` command, in an environment without settings of whoever runs the tests. */
export async function startCli(args: readonly string[], { env = {}, ulimit }: CliSettings = {}): Promise<RunningChild> {
  const command = [process.execPath, join(await buildDist(), 'cli', 'main.js'), ...args];
  const limited = ulimit === undefined ? command : ['/bin/sh', '-c', `ulimit ${ulimit}; exec "$@"`, 'sh', ...command];
  const [program = '', ...rest] = limited;
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('FLEETLENS_'));
  const child = startChild({ program, args: rest, env: { ...Object.fromEntries(inherited), ...env } });
  started.push(child);
  return child;
}

/** Runs it to its end. */
export async function runCli(args: readonly string[], settings?: CliSettings): Promise<Ended> {
  const child = await startCli(args, settings);
  const status = await child.ended;
  return { status, stdout: child.stdout(), stderr: child.stderr() };
}

/** For afterEach: ends what a test has left running. */
export async function endCliProcesses(): Promise<void> {
  await Promise.all(started.splice(0).map((child) => child.stop()));
}

/** Where a daemon listens, once it does. */
export function listeningUrl(child: RunningChild): Promise<string> {
  return eventually('the daemon to listen', () => {
    if (child.end() !== undefined) throw new Error(`it ended with ${child.end()}: ${child.stderr()}`);
    return / msg=listening .*url=(\S+)/.exec(child.stderr())?.[1];
  });
}

export interface RunningDaemon {
  readonly child: RunningChild;
  readonly url: string;
}

/** Starts a daemon on a free port of loopback and waits until it listens. */
export async function startDaemonProcess(args: readonly string[], settings?: CliSettings): Promise<RunningDaemon> {
  const child = await startCli([...args, '--web.listen-address=127.0.0.1:0'], settings);
  return { child, url: await listeningUrl(child) };
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
