import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inferenceDaemon } from '../../exporters/inference/main.ts';
import { systemClock } from '../../kit/clock.ts';
import { startDaemon } from '../../kit/daemon.ts';
import { createLog } from '../../kit/log.ts';
import { eventually } from './eventually.ts';

export interface ProxyUnderTest {
  /** Where clients connect. */
  readonly url: string;
  /** Where Prometheus connects. */
  readonly webUrl: string;
  readonly metrics: (accept?: string) => Promise<string>;
  /** Sum of the samples of a name whose labels have these values. */
  readonly sum: (name: string, labels?: Readonly<Record<string, string>>) => Promise<number>;
  readonly logged: () => readonly Readonly<Record<string, unknown>>[];
  readonly reload: () => void;
  /** Replaces a file of the proxy. */
  readonly write: (name: string, text: string) => void;
  readonly folder: string;
  readonly stop: () => Promise<void>;
}

interface Settings {
  readonly argv?: readonly string[];
  /** Text of --proxy.file. */
  readonly file?: string;
  /** Keys by tenant. */
  readonly keys?: Readonly<Record<string, string>>;
}

const running: ProxyUnderTest[] = [];

/** The real daemon in this process, on free ports of loopback. */
export async function startProxy({ argv = [], file, keys }: Settings = {}): Promise<ProxyUnderTest> {
  const folder = mkdtempSync(join(tmpdir(), 'fleetlens-proxy-'));
  const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);
  const files: string[] = [];
  if (file !== undefined) {
    write('proxy.yaml', file);
    files.push(`--proxy.file=${join(folder, 'proxy.yaml')}`);
  }
  if (keys !== undefined) {
    write('keys', keyLines(keys));
    files.push(`--proxy.keys-file=${join(folder, 'keys')}`);
  }
  const lines: string[] = [];
  const daemon = await startDaemon(inferenceDaemon, {
    sources: {
      argv: [
        '--web.listen-address=127.0.0.1:0',
        '--proxy.listen-address=127.0.0.1:0',
        '--proxy.drain-timeout=0s',
        ...files,
        ...argv,
      ],
      env: {},
      readFile: (path) => readFileSync(path, 'utf8'),
    },
    clock: systemClock,
    log: createLog({ level: 'info', format: 'json', daemon: 'test', write: (line) => void lines.push(line) }),
  });
  const logged = () => lines.map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);
  const url = String(logged().find(({ msg }) => msg === 'proxy listening')?.['url']);
  const metrics = async (accept = 'text/plain') =>
    (await fetch(`${daemon.url}/metrics`, { headers: { accept } })).text();
  const proxy: ProxyUnderTest = {
    url,
    webUrl: daemon.url,
    metrics,
    sum: async (name, labels) => sumOf(await metrics(), name, labels),
    logged,
    reload: daemon.reload,
    write,
    folder,
    stop: async () => {
      await daemon.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  running.push(proxy);
  return proxy;
}

/** For afterEach. */
export async function stopProxies(): Promise<void> {
  await Promise.all(running.splice(0).map((proxy) => proxy.stop()));
}

/** Waits until the proxy has heard from its upstreams which models they have. */
export async function knowsModels(proxy: ProxyUnderTest, model = 'm1'): Promise<void> {
  await eventually(`the proxy to know ${model}`, async () => {
    await post(proxy.url, '/v1/embeddings', { model, metadata: {} });
    return (await proxy.sum('inference_requests_total', { model_name: model })) > 0 ? true : undefined;
  });
}

export function sha256(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}

export function keyLines(keys: Readonly<Record<string, string>>): string {
  return Object.entries(keys)
    .map(([tenant, key]) => `${sha256(key)}  ${tenant}\n`)
    .join('');
}

export function sumOf(exposition: string, name: string, labels: Readonly<Record<string, string>> = {}): number {
  return exposition
    .split('\n')
    .filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `))
    .filter((line) => Object.entries(labels).every(([label, value]) => line.includes(`${label}="${value}"`)))
    .reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
}

export interface RawAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Buffer;
  readonly text: string;
}

export async function post(
  url: string,
  path: string,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<RawAnswer> {
  const response = await fetch(`${url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body),
  });
  const bytes = Buffer.from(await response.arrayBuffer());
  return { status: response.status, headers: response.headers, bytes, text: bytes.toString('utf8') };
}
