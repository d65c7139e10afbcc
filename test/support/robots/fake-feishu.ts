import { createHmac } from 'node:crypto';
import {
  type FakeRobot,
  jsonIn,
  type RobotReply,
  type RobotRequest,
  startRobotServer,
  windowOf,
} from './robot-server.ts';

export interface FakeFeishuOptions {
  readonly hook?: string;
  readonly secret?: string;
  readonly keyword?: string;
  readonly nowMs?: () => number;
}

const maxBytes = 20 * 1024;
const hourSeconds = 3600;

/** A custom bot of Feishu: webhook, signature in the body, keyword, size, 100 messages a minute and 5 a second. */
export function startFakeFeishu(options: FakeFeishuOptions = {}): Promise<FakeRobot> {
  const { hook = 'h00k', secret, keyword = '', nowMs = Date.now } = options;
  const perMinute = windowOf(100, 60, nowMs);
  const perSecond = windowOf(5, 1, nowMs);

  function refuse(request: RobotRequest): RobotReply | undefined {
    if (request.url.pathname !== `/open-apis/bot/v2/hook/${hook}`) {
      return no(19001, 'param invalid: incoming webhook access token invalid');
    }
    const json = jsonIn(request.body);
    if (json === undefined || Buffer.byteLength(request.body) > maxBytes) return no(9499, 'Bad Request');
    if (secret !== undefined && !isSigned(json, secret, nowMs() / 1000)) {
      return no(19021, 'sign match fail or timestamp is not within one hour from current time');
    }
    if (json['msg_type'] !== 'interactive') return no(19002, 'params error, msg_type need');
    if (!request.body.includes(keyword)) return no(19024, 'Key Words Not Found');
    return tooFast();
  }

  function tooFast(): RobotReply | undefined {
    const allowed = [perMinute(), perSecond()];
    return allowed.includes(false) ? no(11232, 'create message trigger frequency limit') : undefined;
  }

  const good = { StatusCode: 0, StatusMessage: 'success', code: 0, data: {}, msg: 'success' };
  return startRobotServer({ refuse, good: () => ({ body: good }) }, nowMs);
}

function isSigned(json: Readonly<Record<string, unknown>>, secret: string, nowSeconds: number): boolean {
  const timestamp = String(json['timestamp'] ?? '');
  if (!/^\d{10}$/.test(timestamp) || Math.abs(nowSeconds - Number(timestamp)) > hourSeconds) return false;
  const key = Buffer.concat([Buffer.from(timestamp), Buffer.from([10]), Buffer.from(secret)]);
  return json['sign'] === createHmac('sha256', key).digest('base64');
}

function no(code: number, msg: string): RobotReply {
  return { body: { code, msg, data: {} } };
}
