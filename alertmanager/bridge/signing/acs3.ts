import { createHash, createHmac } from 'node:crypto';

export interface Acs3Request {
  readonly host: string;
  readonly action: string;
  readonly version: string;
  /** Parameters of the query; the body is empty. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly nowMs: number;
  readonly nonce: string;
}

export interface Acs3Key {
  readonly id: string;
  readonly secret: string;
}

const algorithm = 'ACS3-HMAC-SHA256';

/** The query in the order of the signature, and headers that sign it. https://help.aliyun.com/zh/sdk/product-overview/v3-request-structure-and-signature */
export function signAcs3(
  { host, action, version, parameters, nowMs, nonce }: Acs3Request,
  key: Acs3Key,
): { readonly query: string; readonly headers: Readonly<Record<string, string>> } {
  const bodyHash = sha256('');
  const headers: Readonly<Record<string, string>> = {
    host,
    'x-acs-action': action,
    'x-acs-content-sha256': bodyHash,
    'x-acs-date': new Date(nowMs).toISOString().replace(/\.\d+Z$/, 'Z'),
    'x-acs-signature-nonce': nonce,
    'x-acs-version': version,
  };
  const query = queryOf(parameters);
  const signed = Object.keys(headers).join(';');
  const lines = Object.entries(headers).map(([name, value]) => `${name}:${value}\n`);
  const canonical = ['POST', '/', query, lines.join(''), signed, bodyHash].join('\n');
  const signature = createHmac('sha256', key.secret)
    .update(`${algorithm}\n${sha256(canonical)}`)
    .digest('hex');
  const { host: _sentByTheClient, ...sent } = headers;
  return {
    query,
    headers: {
      ...sent,
      authorization: `${algorithm} Credential=${key.id},SignedHeaders=${signed},Signature=${signature}`,
    },
  };
}

function queryOf(parameters: Readonly<Record<string, string>>): string {
  return Object.entries(parameters)
    .map(([name, value]) => `${percentEncoded(name)}=${percentEncoded(value)}`)
    .sort()
    .join('&');
}

/** RFC 3986: everything but letters, digits and - _ . ~ */
function percentEncoded(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
