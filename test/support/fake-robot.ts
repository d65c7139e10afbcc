import { createServer, type IncomingMessage } from 'node:http';
import { type ChannelKind, defineChannel } from '../../alertmanager/bridge/channels/channel.ts';
import type { Message } from '../../alertmanager/bridge/message.ts';

/** What the fake robot takes for a message: the counts and, of its alerts, as many names as fit. */
export type FakeMessage = Pick<Message, 'kind' | 'groups' | 'firing' | 'resolved' | 'severity' | 'counts'> & {
  readonly names: readonly string[];
  readonly first: Message['alerts'][number] | undefined;
  readonly acknowledgeUrl: string | undefined;
  readonly mentions: Message['mentions'];
  readonly signedAtMs: number;
  readonly nonce: string;
};

interface FakeSettings {
  readonly url: string;
  readonly key_file?: string;
}

const bodyBytes = 20_000;

/** A kind of robot that speaks JSON, with an error in the body of 200 as DingTalk's has it: `{"errcode": 0}`. */
export const fakeKind: ChannelKind<unknown> = defineChannel<unknown>({
  name: 'fake',
  limits: { bodyBytes, messages: 20, seconds: 60 },
  parse: (value) => value,
  secretFiles: (settings) => {
    const { key_file } = settings as FakeSettings;
    return key_file === undefined ? [] : [key_file];
  },
  render: (message, settings, { secret, nowMs, nonce }) => {
    const { url, key_file } = settings as FakeSettings;
    const key = key_file === undefined ? undefined : secret(key_file);
    const { kind, groups, firing, resolved, severity, counts, alerts, acknowledgeUrl, mentions } = message;
    const shown: FakeMessage = {
      ...{ kind, groups, firing, resolved, severity, counts, acknowledgeUrl, mentions, nonce },
      names: alerts.slice(0, 20).map(({ name }) => name),
      first: alerts[0],
      signedAtMs: nowMs,
    };
    const headers = { 'content-type': 'application/json' };
    return [
      {
        url: new URL(key === undefined ? url : `${url}?access_token=${key}`),
        method: 'POST',
        headers,
        body: JSON.stringify(shown),
      },
    ];
  },
  judge: ({ status, headers, body }) => {
    if (status === 429)
      return {
        outcome: 'limited',
        retryAfterSeconds: Number(headers['retry-after'] ?? 60),
        reason: 'too many messages',
      };
    const answer = parsed(body);
    if (answer === undefined)
      return { outcome: 'failed', reason: `it answered ${status} with something else than JSON` };
    const { errcode, errmsg = '', now } = answer;
    if (errcode === 0) return { outcome: 'delivered' };
    if (errcode === 1) return { outcome: 'skewed', serverTimeMs: now, reason: 'the signature is too old' };
    return { outcome: 'refused', reason: errmsg };
  },
});

function parsed(body: string): { errcode: number; errmsg?: string; now?: number } | undefined {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

export type FakeAnswer = { readonly status: number; readonly body: string; readonly headers?: Record<string, string> };

export const taken: FakeAnswer = { status: 200, body: '{"errcode":0}' };

export interface FakeRobot {
  readonly url: string;
  /** What it took. */
  readonly messages: readonly FakeMessage[];
  /** Of every request. */
  readonly bodies: readonly string[];
  /** How it answers from now on; undefined leaves the request open. */
  readonly answerWith: (answer: (message: FakeMessage) => FakeAnswer | undefined) => void;
  /** It takes what comes and answers only once it is released. */
  readonly holdWith: (onMessage: (release: () => void) => void) => void;
  readonly stop: () => Promise<void>;
}

/** A robot on loopback. */
export async function startFakeRobot(): Promise<FakeRobot> {
  const messages: FakeMessage[] = [];
  const bodies: string[] = [];
  let answerOf: (message: FakeMessage) => FakeAnswer | undefined = () => taken;
  let hold: ((release: () => void) => void) | undefined;
  const server = createServer((request, response) => {
    void textOf(request).then((text) => {
      bodies.push(text);
      const message: FakeMessage = JSON.parse(text);
      const answer = answerOf(message);
      if (answer === undefined) return;
      if (answer.status === 200 && answer.body === taken.body) messages.push(message);
      const send = (): void => void response.writeHead(answer.status, answer.headers ?? {}).end(answer.body);
      if (hold === undefined) send();
      else hold(send);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port for a loopback server');
  return {
    url: `http://127.0.0.1:${address.port}/robot`,
    messages,
    bodies,
    answerWith: (answer) => {
      answerOf = answer;
    },
    holdWith: (onMessage) => {
      hold = onMessage;
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) text += String(chunk);
  return text;
}
