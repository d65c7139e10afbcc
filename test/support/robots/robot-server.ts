import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

export interface RobotRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

export interface RobotReply {
  readonly status?: number;
  readonly body: object | string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface FakeRobot {
  readonly url: string;
  /** What was taken, in order. */
  readonly taken: readonly RobotRequest[];
  /** Every request, taken or not. */
  readonly seen: readonly RobotRequest[];
  /** The next request is answered so, whatever it is. */
  readonly once: (reply: RobotReply | 'never') => void;
  readonly stop: () => Promise<void>;
}

export interface RobotRules {
  /** Undefined if the request is to be taken, else what the maker answers. */
  readonly refuse: (request: RobotRequest) => RobotReply | undefined;
  /** With never, it has the message and does not say so. */
  readonly good: (request: RobotRequest) => RobotReply | 'never';
}

/** A server on loopback that takes what a maker's rules allow, answers as the maker does and keeps what it took. */
export async function startRobotServer(
  { refuse, good }: RobotRules,
  nowMs: () => number = Date.now,
): Promise<FakeRobot> {
  const taken: RobotRequest[] = [];
  const seen: RobotRequest[] = [];
  const planned: (RobotReply | 'never')[] = [];
  const server = createServer((incoming, response) => {
    void readRequest(incoming).then((request) => {
      seen.push(request);
      const no = planned.shift() ?? refuse(request);
      if (no === undefined) taken.push(request);
      const answer = no ?? good(request);
      if (answer !== 'never') reply(response, answer, nowMs());
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port for a loopback server');
  return {
    url: `http://127.0.0.1:${address.port}`,
    taken,
    seen,
    once: (reply) => void planned.push(reply),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function reply(response: ServerResponse, { status = 200, body, headers }: RobotReply, nowMs: number): void {
  const [type, text] = typeof body === 'string' ? ['text/html', body] : ['application/json', JSON.stringify(body)];
  response.sendDate = false;
  response.writeHead(status, { 'content-type': type, date: new Date(nowMs).toUTCString(), ...headers }).end(text);
}

async function readRequest(incoming: IncomingMessage): Promise<RobotRequest> {
  let body = '';
  for await (const chunk of incoming.setEncoding('utf8')) body += String(chunk);
  return {
    method: incoming.method ?? '',
    url: new URL(incoming.url ?? '/', 'http://localhost'),
    headers: incoming.headers,
    body,
  };
}

/** True as long as no more than `count` came within the last `seconds`; each call is one that came. */
export function windowOf(count: number, seconds: number, nowMs: () => number): () => boolean {
  const times: number[] = [];
  return () => {
    const now = nowMs();
    while (times[0] !== undefined && times[0] <= now - seconds * 1000) times.shift();
    times.push(now);
    return times.length <= count;
  };
}

export function jsonIn(body: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
