import { createHash, createHmac } from 'node:crypto';

export interface Tc3Request {
  readonly host: string;
  readonly service: string;
  readonly action: string;
  readonly version: string;
  readonly region: string;
  readonly body: string;
  readonly nowMs: number;
}

export interface Tc3Key {
  readonly id: string;
  readonly secret: string;
}

const algorithm = 'TC3-HMAC-SHA256';
const contentType = 'application/json; charset=utf-8';
const signedHeaders = 'content-type;host';

/** Headers that sign a JSON body. https://cloud.tencent.com/document/product/382/52072 */
export function signTc3(request: Tc3Request, key: Tc3Key): Readonly<Record<string, string>> {
  const { host, service, action, version, region, body, nowMs } = request;
  const timestamp = String(Math.floor(nowMs / 1000));
  const date = new Date(nowMs).toISOString().slice(0, 10);
  const scope = `${date}/${service}/tc3_request`;
  const canonical = ['POST', '/', '', `content-type:${contentType}\nhost:${host}\n`, signedHeaders, sha256(body)];
  const text = [algorithm, timestamp, scope, sha256(canonical.join('\n'))].join('\n');
  const dateKey = hmac(`TC3${key.secret}`, date);
  const signature = hmac(hmac(hmac(dateKey, service), 'tc3_request'), text).toString('hex');
  return {
    'content-type': contentType,
    authorization: `${algorithm} Credential=${key.id}/${scope}, SignedHeaders=${signedHeaders}, Signature=${signature}`,
    'x-tc-action': action,
    'x-tc-version': version,
    'x-tc-timestamp': timestamp,
    'x-tc-region': region,
  };
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
