import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { reasonOf } from '../../../../kit/errors.ts';

export interface Get {
  readonly url: URL;
  readonly token: string | undefined;
  /** In PEM form; the authorities of Node.js without it. */
  readonly ca: string | undefined;
  /** For connection and answer together. */
  readonly timeoutSeconds: number;
  readonly maxBytes: number;
}

export interface Answer {
  readonly status: number;
  readonly body: string;
}

/** One GET that asks for JSON, on a connection of its own. Does not follow redirects; the body of other answers than 200 is not read. */
export async function boundedGet(get: Get): Promise<Answer> {
  const signal = AbortSignal.timeout(get.timeoutSeconds * 1000);
  try {
    const response = await send(get, signal);
    const status = response.statusCode ?? 0;
    if (status === 200) return { status, body: await readBody(response, get.maxBytes) };
    response.destroy();
    return { status, body: '' };
  } catch (error) {
    if (signal.aborted) throw new Error(`not answered within ${get.timeoutSeconds} s`);
    throw error;
  }
}

function send({ url, token, ca }: Get, signal: AbortSignal): Promise<IncomingMessage> {
  const request = url.protocol === 'https:' ? httpsRequest : httpRequest;
  const headers = {
    accept: 'application/json',
    'accept-encoding': 'identity',
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  };
  return new Promise((resolve, reject) => {
    request(url, { headers, signal, agent: false, ...(ca === undefined ? {} : { ca }) }, resolve)
      .on('error', (error) => reject(new Error(unreachable(error))))
      .end();
  });
}

async function readBody(response: IncomingMessage, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  // Leaving the loop early ends the connection.
  for await (const chunk of response) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > maxBytes) {
      throw new Error(
        `the answer is larger than ${maxBytes} bytes; ask for the pods of this node only, with fieldSelector`,
      );
    }
    chunks.push(bytes);
  }
  if (!response.complete) throw new Error('the answer broke off');
  return Buffer.concat(chunks, size).toString('utf8');
}

function unreachable(error: NodeJS.ErrnoException): string {
  const code = error.code ?? '';
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return `the certificate is not for this host (${reasonOf(error)}); use a host name that it holds`;
  }
  if (/CERT|ISSUER|SIGNATURE/.test(code)) {
    return `the certificate cannot be trusted (${code}); give the authority that signed it with --kubernetes.pod-list-ca-file`;
  }
  // A host with two addresses has an error without a message.
  return `cannot be reached: ${error.message === '' ? code : error.message}`;
}
