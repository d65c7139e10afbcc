import { createHash, createHmac } from 'node:crypto';
import { type FakeRobot, type RobotReply, type RobotRequest, startRobotServer, windowOf } from './robot-server.ts';

export interface FakeAliyunOptions {
  readonly id?: string;
  readonly secret?: string;
  readonly nowMs?: () => number;
  /** Messages a day for each number. */
  readonly perDay?: number;
  /** Numbers that no operator knows. */
  readonly unknown?: readonly string[];
}

const skewMs = 15 * 60_000;
const needed: Readonly<Record<string, readonly string[]>> = {
  SendSms: ['PhoneNumbers', 'SignName', 'TemplateCode'],
  SingleCallByTts: ['CalledNumber', 'TtsCode'],
};

/** The gateway of Aliyun for SendSms and SingleCallByTts: signature of version 3, time, nonce, parameters, and a number's messages a day. */
export function startFakeAliyun(options: FakeAliyunOptions = {}): Promise<FakeRobot> {
  const { id = 'LTAIid', secret = 'SECsecret', nowMs = Date.now, perDay = 50, unknown = [] } = options;
  const nonces = new Set<string>();
  const days = new Map<string, () => boolean>();

  function refuse(request: RobotRequest): RobotReply | undefined {
    const header = (name: string): string => String(request.headers[name] ?? '');
    if (Math.abs(nowMs() - Date.parse(header('x-acs-date'))) > skewMs) return no(400, 'InvalidTimeStamp.Expired');
    if (!isSigned(request, id, secret)) return no(400, 'SignatureDoesNotMatch');
    if (nonces.has(header('x-acs-signature-nonce'))) return no(400, 'SignatureNonceUsed');
    nonces.add(header('x-acs-signature-nonce'));
    return badCall(header('x-acs-action'), request.url);
  }

  function badCall(action: string, { searchParams }: URL): RobotReply | undefined {
    const missing = needed[action]?.find((name) => !searchParams.has(name));
    if (missing !== undefined || needed[action] === undefined) return no(200, 'isv.INVALID_PARAMETERS');
    const number = searchParams.get('PhoneNumbers') ?? searchParams.get('CalledNumber') ?? '';
    if (!/^\+?\d+$/.test(number) || unknown.includes(number)) return no(200, 'isv.MOBILE_NUMBER_ILLEGAL');
    const within = days.get(number) ?? windowOf(perDay, 86_400, nowMs);
    days.set(number, within);
    return within() ? undefined : no(200, 'isv.BUSINESS_LIMIT_CONTROL');
  }

  const good = { Code: 'OK', Message: 'OK', RequestId: 'R', BizId: 'B', CallId: 'C' };
  return startRobotServer({ refuse, good: () => ({ body: good }) }, nowMs);
}

/** Made from the request as it came over the wire; the host is the one that the sender meant, as in front of a proxy. */
function isSigned(request: RobotRequest, id: string, secret: string): boolean {
  const match = /^ACS3-HMAC-SHA256 Credential=([^,]+),SignedHeaders=([^,]+),Signature=([0-9a-f]{64})$/.exec(
    String(request.headers['authorization']),
  );
  const [, credential, names = '', signature] = match ?? [];
  const header = (name: string): string => String(request.headers[name === 'host' ? 'x-forwarded-host' : name]).trim();
  const headers = names
    .split(';')
    .map((name) => `${name}:${header(name)}\n`)
    .join('');
  const query = request.url.search.slice(1).split('&').sort().join('&');
  const hash = createHash('sha256').update(request.body).digest('hex');
  const canonical = `${request.method}\n${request.url.pathname}\n${query}\n${headers}\n${names}\n${hash}`;
  const text = `ACS3-HMAC-SHA256\n${createHash('sha256').update(canonical).digest('hex')}`;
  return credential === id && createHmac('sha256', secret).update(text).digest('hex') === signature;
}

function no(status: number, Code: string): RobotReply {
  return { status, body: { Code, Message: `the fake says ${Code}`, RequestId: 'R' } };
}
