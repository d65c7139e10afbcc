import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const stopSeconds = 8;
const readySeconds = 60;

export interface StartSpec {
  readonly name: string;
  readonly program: string;
  readonly args: readonly string[];
  readonly logFile: string;
  /** Answers with 200 once the program works. */
  readonly readyUrl: string;
}

/** The programs that `up` starts. They end together. */
export interface ProcessGroup {
  /** Resolves when the program is ready. Throws with the end of its log if it ends before or takes too long. */
  readonly start: (spec: StartSpec) => Promise<void>;
  /** Resolves with a description if one of them ends by itself. */
  readonly failure: Promise<string>;
  /** Ends all in reverse order and waits for them: first politely, after a while for good. */
  readonly stop: () => Promise<void>;
}

export function createProcessGroup(): ProcessGroup {
  const running: { readonly child: ChildProcess; readonly ended: Promise<void> }[] = [];
  let stopping = false;
  let fail: (reason: string) => void = () => {};
  const failure = new Promise<string>((resolve) => {
    fail = resolve;
  });

  async function start(spec: StartSpec): Promise<void> {
    refuseWhileStopping();
    const log = openSync(spec.logFile, 'a');
    const child = spawn(spec.program, spec.args, { stdio: ['ignore', log, log], env: withoutOurSettings(process.env) });
    closeSync(log);
    let end: string | undefined;
    const ended = new Promise<void>((resolve) => {
      child.once('error', (error) => {
        end = error.message;
        resolve();
      });
      child.once('exit', (code, signal) => {
        end = signal === null ? `exit status ${code}` : `signal ${signal}`;
        resolve();
      });
    });
    running.push({ child, ended });
    void ended.then(() => stopping || fail(describeEnd(spec, end)));
    const deadline = Date.now() + readySeconds * 1000;
    while (!(await answers(spec.readyUrl))) {
      if (end !== undefined) throw new Error(describeEnd(spec, end));
      if (Date.now() > deadline)
        throw new Error(`${spec.name} is not ready after ${readySeconds} s; see ${spec.logFile}`);
      await sleep(100);
    }
    refuseWhileStopping();
  }

  /** Whoever still starts programs while all are being stopped must not go on. */
  function refuseWhileStopping(): void {
    if (stopping) throw new Error('stopped while starting');
  }

  async function stop(): Promise<void> {
    stopping = true;
    for (const { child, ended } of running.toReversed()) {
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), stopSeconds * 1000);
      await ended;
      clearTimeout(timer);
    }
  }

  return { start, failure, stop };
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2000) });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}

function describeEnd({ name, logFile }: StartSpec, how: string | undefined): string {
  const log = readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-8).join('\n  ');
  return `${name} ended (${how ?? 'unknown'}); the end of ${logFile}:\n  ${log}`;
}

/** What the user set in the environment is meant for `up`; the programs that it starts get all they need as arguments. */
function withoutOurSettings(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('FLEETLENS_')));
}
