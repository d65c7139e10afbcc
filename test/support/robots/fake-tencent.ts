import { createHash, createHmac } from 'node:crypto';
import {
  type FakeRobot,
  jsonIn,
  type RobotReply,
  type RobotRequest,
  startRobotServer,
  windowOf,
} from './robot-server.ts';

export interface FakeTencentOptions {
  readonly id?: string;
  readonly secret?: string;
  readonly nowMs?: () => number;
  /** Messages of one number in 30 seconds. */
  readonly perHalfMinute?: number;
}

const skewSeconds = 300;
const versions: Readonly<Record<string, string>> = { SendSms: '2021-01-11', SendTtsVoice: '2020-09-02' };

/** The gateway of Tencent Cloud for SendSms and SendTtsVoice: signature of version 3, time, version, and how often a number is told. */
export function startFakeTencent(options: FakeTencentOptions = {}): Promise<FakeRobot> {
  const { id = 'LTAIid', secret = 'SECsecret', nowMs = Date.now, perHalfMinute = 1 } = options;
  const within = windowOf(perHalfMinute, 30, nowMs);

  function refuse(request: RobotRequest): RobotReply | undefined {
    const action = String(request.headers['x-tc-action']);
    if (versions[action] === undefined) return error('InvalidAction');
    if (versions[action] !== request.headers['x-tc-version']) return error('NoSuchVersion');
    if (Math.abs(nowMs() / 1000 - Number(request.headers['x-tc-timestamp'])) > skewSeconds) {
      return error('AuthFailure.SignatureExpire');
    }
    if (!isSigned(request, id, secret)) return error('AuthFailure.SignatureFailure');
    const json = jsonIn(request.body);
    return json?.['TemplateId'] === undefined ? error('MissingParameter') : tooOften(action);
  }

  function tooOften(action: string): RobotReply | undefined {
    if (within()) return undefined;
    const code = 'LimitExceeded.PhoneNumberThirtySecondLimit';
    return action === 'SendSms' ? { body: { Response: sms(code) } } : error('LimitExceeded.DeliveryFrequencyLimit');
  }

  function good({ headers }: RobotRequest): RobotReply {
    const voice = { SendStatus: { CallId: 'call-1', SessionContext: '' }, RequestId: 'R' };
    return { body: { Response: headers['x-tc-action'] === 'SendSms' ? sms('Ok') : voice } };
  }

  return startRobotServer({ refuse, good }, nowMs);
}

function sms(Code: string): object {
  return {
    SendStatusSet: [{ SerialNo: '1', PhoneNumber: '+8613800000000', Fee: 1, Code, Message: Code }],
    RequestId: 'R',
  };
}

/** Made from the request as it came over the wire; the host is the one that the sender meant, as in front of a proxy. */
function isSigned(request: RobotRequest, id: string, secret: string): boolean {
  const [, credential, date = '', service = '', names = '', signature] =
    /^TC3-HMAC-SHA256 Credential=([^/]+)\/([^/]+)\/([^/]+)\/tc3_request, SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/.exec(
      String(request.headers['authorization']),
    ) ?? [];
  const header = (name: string): string => String(request.headers[name === 'host' ? 'x-forwarded-host' : name]);
  const lines = names
    .split(';')
    .map((name) => `${name}:${header(name).toLowerCase()}\n`)
    .join('');
  const digest = (text: string): string => createHash('sha256').update(text).digest('hex');
  const canonical = `POST\n/\n\n${lines}\n${names}\n${digest(request.body)}`;
  const time = String(request.headers['x-tc-timestamp']);
  const text = `TC3-HMAC-SHA256\n${time}\n${date}/${service}/tc3_request\n${digest(canonical)}`;
  let key: Buffer = Buffer.from(`TC3${secret}`);
  for (const part of [date, service, 'tc3_request']) key = createHmac('sha256', key).update(part).digest();
  return credential === id && createHmac('sha256', key).update(text).digest('hex') === signature;
}

function error(Code: string): RobotReply {
  return { body: { Response: { Error: { Code, Message: `the fake says ${Code}` }, RequestId: 'R' } } };
}
