const maxCharacters = 500;

/** One line of text that is not too long, whatever somebody has typed. */
export function cleanValue(text: string, max = maxCharacters): string {
  const line = text
    .replaceAll(/\p{Cs}/gu, '\uFFFD')
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim();
  const characters = [...line.slice(0, max * 2)];
  return characters.length > max ? `${characters.slice(0, max - 1).join('')}…` : line;
}
