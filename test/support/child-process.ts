import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

export interface ChildSpec {
  readonly program: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
}

export interface RunningChild {
  readonly pid: number;
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Undefined while it runs, then the exit status or the signal. */
  readonly end: () => number | string | undefined;
  /** Resolves with the exit status or the signal. */
  readonly ended: Promise<number | string>;
  readonly kill: (signal: NodeJS.Signals) => void;
  /** SIGTERM, and SIGKILL for one that does not listen. */
  readonly stop: () => Promise<void>;
}

const stopWithinMs = 10_000;

/** Starts a program whose output a test wants to see, and ends it for sure. */
export function startChild({ program, args, env = process.env, cwd }: ChildSpec): RunningChild {
  const options: SpawnOptions = { env, stdio: ['ignore', 'pipe', 'pipe'], ...(cwd === undefined ? {} : { cwd }) };
  const child = spawn(program, args, options);
  const output = { stdout: '', stderr: '' };
  collect(child, 'stdout');
  collect(child, 'stderr');
  let end: number | string | undefined;
  const ended = new Promise<number | string>((resolve) => {
    child.once('error', (error) => {
      end = error.message;
      resolve(error.message);
    });
    child.once('close', (code, signal) => {
      end = code ?? signal ?? 'unknown';
      resolve(end);
    });
  });

  function collect(from: ChildProcess, stream: 'stdout' | 'stderr'): void {
    from[stream]?.setEncoding('utf8').on('data', (chunk: string) => {
      output[stream] += chunk;
    });
  }

  return {
    pid: child.pid ?? -1,
    stdout: () => output.stdout,
    stderr: () => output.stderr,
    end: () => end,
    ended,
    kill: (signal) => void child.kill(signal),
    stop: async () => {
      if (end !== undefined) return;
      child.kill('SIGTERM');
      const impatience = setTimeout(() => child.kill('SIGKILL'), stopWithinMs);
      await ended;
      clearTimeout(impatience);
    },
  };
}

/** Ids of the processes that a process has started and that still run. */
export function childrenOf(pid: number): readonly number[] {
  const processes = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return processes.filter((name) => parentOf(name) === pid).map(Number);
}

/** From /proc/<pid>/stat, whose second field, the name, may hold anything; undefined if the process has gone meanwhile. */
function parentOf(pid: string): number | undefined {
  try {
    const [, parent] = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return Number(parent);
  } catch {
    return undefined;
  }
}

/** False for a process that has ended, also while nobody has asked for its status yet. */
export function isRunning(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
