import { createHmac } from 'node:crypto';
import {
  type FakeRobot,
  jsonIn,
  type RobotReply,
  type RobotRequest,
  startRobotServer,
  windowOf,
} from './robot-server.ts';

export interface FakeDingTalkOptions {
  readonly token?: string;
  readonly secret?: string;
  readonly keyword?: string;
  /** A word that DingTalk does not let through. */
  readonly forbidden?: string;
  readonly nowMs?: () => number;
  readonly onRequest?: () => void;
}

const maxBytes = 20_000;
const hourMs = 3_600_000;
const limitedMs = 600_000;

/** A group robot of DingTalk: token, signature, keyword, size, and 20 messages a minute, then none for 10 minutes. */
export function startFakeDingTalk(options: FakeDingTalkOptions = {}): Promise<FakeRobot> {
  const { token = 't0ken', secret, keyword, forbidden, nowMs = Date.now, onRequest } = options;
  const within = windowOf(20, 60, nowMs);
  let limitedUntilMs = 0;

  function refuse(request: RobotRequest): RobotReply | undefined {
    onRequest?.();
    const { searchParams } = request.url;
    if (request.url.pathname !== '/robot/send') return { status: 404, body: '<html>404</html>' };
    if (searchParams.get('access_token') !== token) return no(300001, 'token is not exist');
    return badSignature(searchParams, secret, nowMs()) ?? badBody(request.body, { keyword, forbidden }) ?? tooFast();
  }

  function tooFast(): RobotReply | undefined {
    if (!within()) limitedUntilMs = nowMs() + limitedMs;
    return nowMs() < limitedUntilMs ? no(130101, 'send too fast, exceed 20 times per minute') : undefined;
  }

  return startRobotServer({ refuse, good: () => ({ body: { errcode: 0, errmsg: 'ok' } }) }, nowMs);
}

function badBody(
  body: string,
  { keyword = '', forbidden }: { readonly keyword: string | undefined; readonly forbidden: string | undefined },
): RobotReply | undefined {
  if (Buffer.byteLength(body) > maxBytes) return no(460101, 'message too long');
  if (!isMessage(jsonIn(body))) return no(40035, 'param error');
  if (forbidden !== undefined && body.includes(forbidden)) return no(430102, 'message contains forbidden words');
  return body.includes(keyword) ? undefined : no(310000, 'keywords not in content');
}

function badSignature(query: URLSearchParams, secret: string | undefined, nowMs: number): RobotReply | undefined {
  if (secret === undefined) return undefined;
  const timestamp = query.get('timestamp') ?? '';
  if (!/^\d{13}$/.test(timestamp) || Math.abs(nowMs - Number(timestamp)) > hourMs)
    return no(310000, 'invalid timestamp');
  const expected = createHmac('sha256', Buffer.from(secret))
    .update(Buffer.from(`${timestamp}\n${secret}`))
    .digest();
  const given = Buffer.from(query.get('sign') ?? '', 'base64');
  return expected.equals(given) ? undefined : no(310000, 'sign not match');
}

function isMessage(json: Readonly<Record<string, unknown>> | undefined): boolean {
  const type = json?.['msgtype'];
  return (type === 'markdown' || type === 'actionCard') && typeof json?.[type] === 'object';
}

function no(errcode: number, errmsg: string): RobotReply {
  return { body: { errcode, errmsg } };
}
