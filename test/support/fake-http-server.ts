import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly form: URLSearchParams;
}

/** Answers one request; `turn` counts from 0. */
export type Answer = (response: ServerResponse, request: SeenRequest, turn: number) => void;

export interface FakeHttpServer {
  readonly url: string;
  readonly requests: readonly SeenRequest[];
  readonly stop: () => Promise<void>;
}

/** A server on loopback that misbehaves as told. Not a Prometheus: for failures that a real one does not show on demand. */
export async function startFakeHttpServer(answer: Answer): Promise<FakeHttpServer> {
  const requests: SeenRequest[] = [];
  const server = createServer((incoming, response) => {
    void readRequest(incoming).then((request) => {
      requests.push(request);
      answer(response, request, requests.length - 1);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port for a loopback server');
  return {
    url: `http://127.0.0.1:${address.port}`,
    requests,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function readRequest(incoming: IncomingMessage): Promise<SeenRequest> {
  let body = '';
  for await (const chunk of incoming.setEncoding('utf8')) body += String(chunk);
  const url = new URL(incoming.url ?? '/', 'http://localhost');
  const form = new URLSearchParams([...url.searchParams, ...new URLSearchParams(body)]);
  return { method: incoming.method ?? '', path: url.pathname, headers: incoming.headers, form };
}
