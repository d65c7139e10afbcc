/** Parameters and headers that are secrets with the makers of robots, whatever they are called. */
const secretName = /token|key|sign|secret|auth|passw|code/i;
const mask = '****';

/** A text without the secrets that were read while it was made, nor what is escaped of them. */
export function withoutSecrets(text: string, secrets: Iterable<string>): string {
  let masked = text;
  const forms = [...secrets].flatMap((secret) => [
    secret,
    encodeURIComponent(secret),
    JSON.stringify(secret).slice(1, -1),
  ]);
  for (const form of forms.sort((a, b) => b.length - a.length))
    if (form.length > 0) masked = masked.replaceAll(form, mask);
  return masked;
}

/** An address without the parts that let others send too: parameters that sound like it, and long parts of the path. */
export function maskedUrl(url: URL): string {
  const path = url.pathname
    .split('/')
    .map((part) => (part.length >= 20 ? mask : part))
    .join('/');
  const query = [...url.searchParams].map(([name, value]) => `${name}=${secretName.test(name) ? mask : value}`);
  return `${url.protocol}//${url.host}${path}${query.length === 0 ? '' : `?${query.join('&')}`}`;
}

export function maskedHeader(name: string, value: string): string {
  return `${name}: ${secretName.test(name) ? mask : value}`;
}

/** Fields of a JSON body such as `sign`, which is made of a secret and lasts for an hour. */
export function maskedBody(body: string): string {
  return body.replaceAll(
    /"(sign|token|access_token|secret)"\s*:\s*"[^"]*"/gi,
    (_, name: string) => `"${name}":"${mask}"`,
  );
}
