import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildDist } from './dist.ts';
import { eventually } from './eventually.ts';

export interface Ended {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliProcess {
  readonly pid: number;
  /** What it has written to standard error so far. */
  readonly log: () => string;
  readonly kill: (signal: NodeJS.Signals) => void;
  readonly ended: Promise<Ended>;
}

interface CliSettings {
  readonly env?: Readonly<Record<string, string>>;
  /** Limits of the shell that starts it, such as "-n 64" for open files. */
  readonly ulimit?: string;
}

const started: CliProcess[] = [];

/** Starts the compiled `fleetlens` as a process of its own. */
export async function startCli(args: readonly string[], { env = {}, ulimit }: CliSettings = {}): Promise<CliProcess> {
  const command = [process.execPath, join(await buildDist(), 'cli', 'main.js'), ...args];
  const limited = ulimit === undefined ? command : ['/bin/sh', '-c', `ulimit ${ulimit}; exec "$@"`, 'sh', ...command];
  const [program = '', ...rest] = limited;
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('FLEETLENS_'));
  const child = spawn(program, rest, {
    env: { ...Object.fromEntries(inherited), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const made = supervise(child);
  started.push(made);
  return made;
}

/** Runs it to its end. */
export async function runCli(args: readonly string[], settings?: CliSettings): Promise<Ended> {
  return (await startCli(args, settings)).ended;
}

/** For afterEach: ends what a failed test has left. */
export async function endCliProcesses(): Promise<void> {
  for (const child of started.splice(0)) {
    child.kill('SIGKILL');
    await child.ended;
  }
}

/** Where a daemon listens, once it does. */
export function listeningUrl(cli: CliProcess): Promise<string> {
  return eventually('the daemon to listen', () => / msg=listening .*url=(\S+)/.exec(cli.log())?.[1]);
}

/** Processes that this one has started and that still run. Linux only. */
export function childrenOf(pid: number): readonly number[] {
  const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  return text === '' ? [] : text.split(' ').map(Number);
}

export function isRunning(pid: number): boolean {
  return existsSync(`/proc/${pid}`) && !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
}

function supervise(child: ChildProcess): CliProcess {
  let stdout = '';
  let stderr = '';
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
    stdout += chunk;
  });
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    stderr += chunk;
  });
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status, signal) => resolve({ status, signal, stdout, stderr }));
  });
  return { pid: child.pid ?? 0, log: () => stderr, kill: (signal) => void child.kill(signal), ended };
}
