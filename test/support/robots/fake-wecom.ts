import {
  type FakeRobot,
  jsonIn,
  type RobotReply,
  type RobotRequest,
  startRobotServer,
  windowOf,
} from './robot-server.ts';

export interface FakeWeComOptions {
  readonly key?: string;
  readonly nowMs?: () => number;
}

const maxBytes: Readonly<Record<string, number>> = { markdown: 4096, text: 2048 };

/** A group robot of WeCom: key, size of the content, and 20 messages a minute. */
export function startFakeWeCom({ key = 'k3y', nowMs = Date.now }: FakeWeComOptions = {}): Promise<FakeRobot> {
  const within = windowOf(20, 60, nowMs);

  function refuse(request: RobotRequest): RobotReply | undefined {
    if (request.url.searchParams.get('key') !== key) return no(93000, 'invalid webhook url');
    const json = jsonIn(request.body);
    const type = String(json?.['msgtype']);
    const max = maxBytes[type];
    if (max === undefined) return no(40008, 'invalid message type');
    const content = contentOf(json?.[type]);
    if (content === '') return no(44004, 'empty content');
    if (Buffer.byteLength(content) > max) return no(40058, `${type}.content exceed max length ${max}`);
    return within() ? undefined : no(45009, 'api freq out of limit');
  }

  return startRobotServer({ refuse, good: () => ({ body: { errcode: 0, errmsg: 'ok' } }) }, nowMs);
}

function contentOf(value: unknown): string {
  if (typeof value !== 'object' || value === null || !('content' in value)) return '';
  return String(value.content);
}

function no(errcode: number, errmsg: string): RobotReply {
  return { body: { errcode, errmsg } };
}
