import { rmSync } from 'node:fs';
import { type RunningChild, startChild } from './child-process.ts';
import { eventually } from './eventually.ts';

export interface ServerSpec {
  /** For messages. */
  readonly name: string;
  readonly program: string;
  readonly args: readonly string[];
  /** Its working folder, removed at the end. */
  readonly folder: string;
  /** host:port that the arguments make it listen on. */
  readonly address: string;
}

export interface RunningServer {
  readonly url: string;
  readonly pid: number;
  /** What the server has logged so far. */
  readonly log: () => string;
  readonly stop: () => Promise<void>;
}

/** Starts a server that answers at /-/ready as those of the Prometheus family do, and waits until it is. */
export async function startServer({ name, program, args, folder, address }: ServerSpec): Promise<RunningServer> {
  const child = startChild({ program, args, cwd: folder });
  const url = `http://${address}`;
  const stop = async (): Promise<void> => {
    await child.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await eventually(`${name} to be ready`, () => isReady(url, child));
  } catch (cause) {
    await stop();
    throw new Error(`${name} did not become ready. It logged:\n${child.stderr()}`, { cause });
  }
  return { url, pid: child.pid, log: child.stderr, stop };
}

async function isReady(url: string, child: RunningChild): Promise<true | undefined> {
  if (child.end() !== undefined) throw new Error(`ended with ${child.end()}`);
  try {
    const response = await fetch(`${url}/-/ready`, { signal: AbortSignal.timeout(1000) });
    await response.text();
    return response.ok ? true : undefined;
  } catch {
    return undefined;
  }
}
