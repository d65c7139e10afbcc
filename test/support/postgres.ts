import { execFileSync, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { eventually } from './eventually.ts';
import { freePort } from './free-port.ts';
import { tool } from './tools.ts';

export interface RunningPostgres {
  /** With user and password, who may do everything there. */
  readonly url: string;
  readonly password: string;
  /** Of the process that starts the others. */
  readonly pid: () => number;
  readonly log: () => string;
  /** A database of its own; resolves with its URL. */
  readonly createDatabase: (name: string) => Promise<string>;
  /** Ends the server at once, as SIGKILL does, or in order. */
  readonly end: (signal: 'SIGKILL' | 'SIGINT') => Promise<void>;
  /** Starts it again at the same address. */
  readonly start: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

export interface PostgresSettings {
  /** Such as `ssl=on`. */
  readonly settings?: readonly string[];
  /** In its data folder, readable by the server alone, such as server.key. */
  readonly files?: Readonly<Record<string, Buffer>>;
}

/** PostgreSQL refuses to run as root, so there it runs as nobody. */
const nobody = 65_534;
const user = process.getuid?.() === 0 ? { uid: nobody, gid: nobody } : {};
const password = 'p@ss:w/rd%?';

/** Starts a real PostgreSQL on a free port of loopback, with fsync and passwords as in production. */
export async function startPostgres({ settings = [], files = {} }: PostgresSettings = {}): Promise<RunningPostgres> {
  const folder = mkdtempSync(join(tmpdir(), 'fleetlens-postgres-'));
  if (user.uid !== undefined) chownSync(folder, user.uid, user.gid);
  const data = join(folder, 'data');
  const passwordFile = join(folder, 'password');
  writeFileSync(passwordFile, password);
  chmodSync(passwordFile, 0o644);
  execFileSync(
    tool('initdb'),
    [
      '-D',
      data,
      '-U',
      'fleetlens',
      '-E',
      'UTF8',
      '--locale=C',
      '--no-sync',
      '-A',
      'scram-sha-256',
      `--pwfile=${passwordFile}`,
    ],
    { ...user, cwd: folder, stdio: 'pipe' },
  );
  for (const [name, content] of Object.entries(files)) {
    writeFileSync(join(data, name), content, { mode: 0o600 });
    if (user.uid !== undefined) chownSync(join(data, name), user.uid, user.gid);
  }
  const port = await freePort();
  const url = `postgresql://fleetlens:${encodeURIComponent(password)}@127.0.0.1:${port}/postgres`;
  let server = { pid: -1, end: async (_signal: NodeJS.Signals): Promise<void> => undefined };
  let log = '';

  async function start(): Promise<void> {
    const args = [
      '-D',
      data,
      '-k',
      folder,
      '-h',
      '127.0.0.1',
      '-p',
      String(port),
      ...settings.flatMap((each) => ['-c', each]),
    ];
    const options: SpawnOptions = { ...user, cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] };
    const child = spawn(tool('postgres'), args, options);
    const ended = once(child, 'close');
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      log += text;
    });
    server = {
      pid: child.pid ?? -1,
      end: async (signal) => {
        child.kill(signal);
        await ended;
      },
    };
    await eventually('PostgreSQL to answer', async () => {
      if (child.exitCode !== null) throw new Error(`PostgreSQL ended. It logged:\n${log}`);
      return (await answers(url)) || undefined;
    });
  }

  await start();
  return {
    url,
    password,
    pid: () => server.pid,
    log: () => log,
    createDatabase: async (name) => {
      await runSql(url, `create database "${name}"`);
      return url.replace(/postgres$/, name);
    },
    end: (signal) => server.end(signal),
    start,
    stop: async () => {
      await server.end('SIGINT');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Runs statements on a connection of their own. */
export async function runSql(url: string, statements: string): Promise<readonly Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query(statements)).rows;
  } finally {
    await client.end();
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    await runSql(url, 'select 1');
    return true;
  } catch {
    return false;
  }
}
