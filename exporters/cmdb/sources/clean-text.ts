const maxCharacters = 500;

/** Text from outside as it may be kept: without control characters, trimmed, of bounded length; undefined if nothing is left. */
export function cleanText(value: unknown): string | undefined {
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  if (typeof value !== 'string') return undefined;
  const text = value
    .slice(0, 4 * maxCharacters)
    .replaceAll(/\p{Cc}+/gu, ' ')
    .trim()
    .slice(0, maxCharacters);
  return text === '' ? undefined : text;
}

/** A name as a key of attributes: words of lower-case letters, digits and _. */
export function attributeKey(name: string): string | undefined {
  const key = name
    .slice(0, 100)
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_')
    .replaceAll(/^_+|_+$/g, '')
    .slice(0, 60);
  return /^[a-z]/.test(key) ? key : undefined;
}

/** A finite number, also one that is written as text. */
export function cleanNumber(value: unknown): number | undefined {
  const text = typeof value === 'string' ? value.trim() : value;
  const number = typeof text === 'string' && text !== '' ? Number(text) : text;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}
