import { type ClientRequest, request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { errnoOf, reasonOf, SourceError } from '../errors.ts';

/** How far the certificate of a server is believed. */
export interface ServerTrust {
  /** Authorities in PEM form; those of Node.js without it. */
  readonly ca?: string | undefined;
  /** SHA-256 of the one certificate that is right, in hexadecimal, whoever signed it: for servers that sign their own, such as BMCs. */
  readonly fingerprint?: string | undefined;
  /** True to believe any certificate: whoever is in between can read and change everything. */
  readonly isBlind?: boolean | undefined;
}

/** What a client shows of itself to a server that asks for a certificate, in PEM form. */
export interface ClientIdentity {
  readonly cert: string;
  readonly key: string;
}

export interface ServerRequest {
  readonly url: URL;
  readonly method?: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE' | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?: string | undefined;
  readonly trust?: ServerTrust | undefined;
  readonly identity?: ClientIdentity | undefined;
  /** To the headers of the answer; for `readText`, to its last byte. */
  readonly timeoutSeconds: number;
  readonly signal?: AbortSignal | undefined;
}

export interface TextAnswer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** Sends a request on a connection of its own and resolves with the whole answer, whatever its status. Follows no redirect. Rejects with a SourceError. */
export async function readText(request: ServerRequest, maxBytes: number): Promise<TextAnswer> {
  const deadline = AbortSignal.timeout(request.timeoutSeconds * 1000);
  const signal = request.signal === undefined ? deadline : AbortSignal.any([deadline, request.signal]);
  try {
    const answer = await open({ ...request, signal });
    return { status: answer.statusCode ?? 0, headers: answer.headers, body: await readBody(answer, maxBytes) };
  } catch (error) {
    throw explained(error, request, deadline);
  }
}

/** As `readText`, for an answer that is read piece by piece; the time counts to its headers alone. Whoever takes it must read or destroy it. */
export async function openAnswer(request: ServerRequest): Promise<IncomingMessage> {
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(), request.timeoutSeconds * 1000);
  const signal = request.signal === undefined ? deadline.signal : AbortSignal.any([deadline.signal, request.signal]);
  try {
    return await open({ ...request, signal });
  } catch (error) {
    throw explained(error, request, deadline.signal);
  } finally {
    clearTimeout(timer);
  }
}

function open(request: ServerRequest): Promise<IncomingMessage> {
  const { url, method = 'GET', headers, body, trust = {}, identity = {}, signal } = request;
  const isSecure = url.protocol === 'https:';
  const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
  const options: RequestOptions = {
    method,
    headers: { accept: 'application/json', 'accept-encoding': 'identity', ...headers, ...length },
    agent: false,
    ...(signal === undefined ? {} : { signal }),
  };
  return new Promise((resolve, reject) => {
    const outgoing = isSecure
      ? httpsRequest(url, {
          ...options,
          ...identity,
          ...(trust.ca === undefined ? {} : { ca: trust.ca }),
          rejectUnauthorized: trust.fingerprint === undefined && trust.isBlind !== true,
        })
      : httpRequest(url, options);
    outgoing.once('response', resolve).once('error', reject);
    if (isSecure && trust.fingerprint !== undefined) sendOnceKnown(outgoing, trust.fingerprint, body);
    else outgoing.end(body);
  });
}

/** Nothing is sent, a password least of all, before the certificate is the one that was named. */
function sendOnceKnown(outgoing: ClientRequest, fingerprint: string, body: string | undefined): void {
  outgoing.once('socket', (socket) => {
    socket.once('secureConnect', () => {
      const seen = 'getPeerCertificate' in socket ? fingerprintOf(socket) : undefined;
      if (seen === normalised(fingerprint)) outgoing.end(body);
      else
        outgoing.destroy(
          new Error(`the certificate has the SHA-256 ${seen ?? 'unknown'}, not the one that is configured`),
        );
    });
  });
}

function fingerprintOf(socket: object): string | undefined {
  const { getPeerCertificate } = socket as { getPeerCertificate?: () => { fingerprint256?: string } };
  const seen = getPeerCertificate?.call(socket).fingerprint256;
  return seen === undefined ? undefined : normalised(seen);
}

function normalised(fingerprint: string): string {
  return fingerprint.toLowerCase().replaceAll(':', '');
}

async function readBody(answer: IncomingMessage, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  // Leaving the loop early ends the connection.
  for await (const chunk of answer) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > maxBytes) throw new SourceError(`the answer is larger than ${maxBytes} bytes`);
    chunks.push(bytes);
  }
  if (!answer.complete) throw new SourceError('the answer broke off');
  return Buffer.concat(chunks, size).toString('utf8');
}

function explained(error: unknown, request: ServerRequest, deadline: AbortSignal): SourceError {
  const place = `${request.url.protocol}//${request.url.host}${request.url.pathname}`;
  if (deadline.aborted) return new SourceError(`${place}: no answer within ${request.timeoutSeconds} s`);
  if (request.signal?.aborted) return new SourceError(`${place}: stopped`);
  return new SourceError(`${place}: ${unreachable(error)}`, { cause: error });
}

function unreachable(error: unknown): string {
  if (error instanceof SourceError) return error.message;
  const code = errnoOf(error) ?? '';
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return `the certificate is not for this host (${reasonOf(error)}); use a host name that it holds`;
  if (/CERT|ISSUER|SIGNATURE/.test(code))
    return `the certificate cannot be trusted (${code}); give the authority that signed it, or the SHA-256 of the certificate`;
  const reason = reasonOf(error);
  // A host with two addresses has an error without a message.
  return `cannot be reached: ${reason === '' ? code : reason}`;
}
