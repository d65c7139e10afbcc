import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Address } from '../../kit/options/define.ts';

export type Listener =
  /** `answer` is what it says at /-/ready. */
  | { readonly kind: 'fleetlens'; readonly answer: string }
  | { readonly kind: 'dcgm-exporter' }
  | { readonly kind: 'other' };

const timeoutMs = 1000;
const maxBytes = 65_536;

interface Answer {
  readonly realm: string;
  readonly body: string;
}

/** Asks whoever has the address who it is; each question has a second. */
export async function whoListens(address: Address, { isSecure }: { readonly isSecure: boolean }): Promise<Listener> {
  const ready = await get(address, '/-/ready', isSecure);
  if (ready?.realm.includes('fleetlens') === true) return { kind: 'fleetlens', answer: 'it asks for a password' };
  const [, answer] = /^(ready|not ready: .*)\n$/.exec(ready?.body ?? '') ?? [];
  if (answer !== undefined) return { kind: 'fleetlens', answer };
  const home = await get(address, '/', isSecure);
  return { kind: home?.body.includes('<title>GPU Exporter</title>') === true ? 'dcgm-exporter' : 'other' };
}

/** Undefined if there is no answer in time. The certificate does not matter: no secret is sent. */
function get({ host, port }: Address, path: string, isSecure: boolean): Promise<Answer | undefined> {
  const request = isSecure ? httpsRequest : httpRequest;
  const signal = AbortSignal.timeout(timeoutMs);
  const isAnywhere = host === undefined || host === '0.0.0.0' || host === '::';
  const where = { host: isAnywhere ? '127.0.0.1' : host, port, path, signal, agent: false, rejectUnauthorized: false };
  return new Promise((resolve) => {
    request(where, (response) => void read(response).then(resolve, () => resolve(undefined)))
      .on('error', () => resolve(undefined))
      .end();
  });
}

async function read(response: IncomingMessage): Promise<Answer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response) {
    const bytes = Buffer.from(chunk);
    chunks.push(bytes);
    size += bytes.length;
    if (size > maxBytes) break;
  }
  return { realm: response.headers['www-authenticate'] ?? '', body: Buffer.concat(chunks).toString('utf8') };
}
