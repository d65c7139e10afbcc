import { request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { pipeline } from 'node:stream';

export interface Target {
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Of the browser's headers, what a service may need; cookies and what tells of the browser stay here. */
const passedOn = ['accept', 'content-type', 'content-length', 'if-none-match'];
const passedBack = ['content-type', 'content-length', 'content-disposition', 'content-encoding', 'etag', 'retry-after'];
const dialMs = 30_000;

/** Sends the request on and its answer back, piece by piece. Nobody at the other end is a 502, as of Grafana's proxy. */
export function forward(request: IncomingMessage, response: ServerResponse, { url, headers = {} }: Target): void {
  const send = url.startsWith('https:') ? httpsRequest : httpRequest;
  const outgoing = send(url, {
    method: request.method,
    headers: { ...chosen(request.headers, passedOn), ...headers },
    timeout: dialMs,
  });
  outgoing.on('timeout', () => outgoing.destroy(new Error(`no answer within ${dialMs / 1000} s`)));
  outgoing.on('error', (error) => {
    if (response.headersSent) response.destroy();
    else sendJson(response, 502, { message: error.message });
  });
  outgoing.on('response', (answer) => {
    response.writeHead(answer.statusCode ?? 502, chosen(answer.headers, passedBack));
    pipeline(answer, response, () => {});
  });
  response.on('close', () => outgoing.destroy());
  pipeline(request, outgoing, () => {});
}

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' });
  response.end(`${JSON.stringify(body)}\n`);
}

function chosen(headers: IncomingMessage['headers'], names: readonly string[]): Record<string, string> {
  const found = names.flatMap((name) => {
    const value = headers[name];
    return typeof value === 'string' ? [[name, value] as const] : [];
  });
  return Object.fromEntries(found);
}
