import { request as httpRequest, type IncomingHttpHeaders, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { connect, type Socket } from 'node:net';
import type { PeerCertificate, SecureVersion } from 'node:tls';
import { TLSSocket } from 'node:tls';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly raw: Buffer;
  readonly body: string;
  /** Of the server, where TLS is spoken. */
  readonly certificate: PeerCertificate | undefined;
  readonly tlsVersion: string | null | undefined;
}

interface AskOptions extends Pick<RequestOptions, 'method' | 'agent' | 'signal'> {
  readonly headers?: Readonly<Record<string, string>>;
  readonly ca?: Buffer;
  readonly cert?: Buffer;
  readonly key?: Buffer;
  readonly minVersion?: SecureVersion;
  readonly maxVersion?: SecureVersion;
}

/** One request over a connection of its own, without following or unpacking anything. */
export function ask(url: string, options: AskOptions = {}): Promise<Answer> {
  const request = url.startsWith('https:') ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { agent: false, ...options }, (incoming) => {
      const { socket } = incoming;
      const secure = socket instanceof TLSSocket ? socket : undefined;
      const [certificate, tlsVersion] = [secure?.getPeerCertificate(), secure?.getProtocol()];
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.once('error', reject);
      incoming.once('end', () => {
        const raw = Buffer.concat(chunks);
        const { statusCode = 0, headers } = incoming;
        resolve({ status: statusCode, headers, raw, body: raw.toString('utf8'), certificate, tlsVersion });
      });
    });
    outgoing.once('error', reject);
    outgoing.end();
  });
}

/** A connection that sends what it is given and reads nothing until it is told to. */
export async function rawConnection(url: string, text: string): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  // The server may cut it at any time, which is what the tests are about.
  socket.on('error', () => undefined);
  await new Promise<void>((resolve) => socket.once('connect', () => resolve()));
  socket.pause();
  socket.write(text);
  return socket;
}

/** All that still comes until the other side closes. */
export function readUntilClosed(socket: Socket): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString('utf8');
    });
    socket.once('close', () => resolve(text));
    socket.resume();
  });
}

export function basic(user: string, password: string): Readonly<Record<string, string>> {
  return { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` };
}
