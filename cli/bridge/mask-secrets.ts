const mask = '****';
/** Parts of an address that say which API it is, such as robot, open-apis and v2. */
const plainPart = /^([a-z]+(-[a-z]+)*|v\d+)?$/;
const longestPlainPart = 19;
/** A shorter secret may be part of what a robot says without being meant. */
const shortestInAnswer = 8;

/**
 * What is shown in place of a secret. Of an address that lets whoever knows it send, the host and the plain parts of its path stay, but for the last one
 * where no parameters follow.
 */
export function maskedSecret(secret: string): string {
  const url = urlIn(secret);
  if (url === undefined) return mask;
  const path = url.pathname.split('/').map((part, index, all) => {
    const isKey = index === all.length - 1 && url.search === '';
    return isSecretPart(part) || (isKey && part !== '') ? mask : part;
  });
  const query = [...url.searchParams.keys()].map((name) => `${name}=${mask}`);
  return `${url.origin}${path.join('/')}${query.length === 0 ? '' : `?${query.join('&')}`}`;
}

function isSecretPart(part: string): boolean {
  return part.length > longestPlainPart || !plainPart.test(part);
}

function urlIn(secret: string): URL | undefined {
  const text = secret.trim();
  return /^https?:/.test(text) && URL.canParse(text) ? new URL(text) : undefined;
}

/** Without the signature, which was not made with the secret itself and so would tell nothing. */
export function maskedUrl(url: URL): string {
  return url.href.replaceAll(/([?&]sign=)[^&]*/g, `$1${mask}`);
}

export function maskedHeader(name: string, value: string): string {
  return `${name}: ${/^authorization$|signature-256$/i.test(name) ? value.replaceAll(/\b[0-9a-f]{64}\b/g, mask) : value}`;
}

export function maskedBody(body: string): string {
  return body.replaceAll(/"sign":"[^"]*"/g, `"sign":"${mask}"`);
}

/** What a robot answered, without the secrets that it may repeat: whole words of them, not letters within others. */
export function maskedAnswer(text: string, secrets: Iterable<string>): string {
  const words = [...secrets]
    .flatMap((secret) => [secret, ...secretParts(secret)])
    .filter(({ length }) => length >= shortestInAnswer)
    .toSorted((a, b) => b.length - a.length);
  return words.reduce((masked, word) => masked.replaceAll(wholeWord(word), mask), text);
}

function secretParts(secret: string): readonly string[] {
  const url = urlIn(secret);
  return url === undefined ? [] : [...url.searchParams.values(), ...url.pathname.split('/').filter(isSecretPart)];
}

function wholeWord(word: string): RegExp {
  return new RegExp(`(?<![\\p{L}\\p{N}])${word.replaceAll(/[$()*+.?[\\\]^{|}]/g, '\\$&')}(?![\\p{L}\\p{N}])`, 'gu');
}
