const plainAscii = /^[\x20-\x7e]*$/;

/**
 * Text as it is compared: without regard to case and to forms of the same letter (NFKC), every run of white space and control characters one
 * blank.
 */
export function fold(text: string): string {
  if (plainAscii.test(text)) return text.toLowerCase().replaceAll(/ {2,}/g, ' ').trim();
  // Up and down again, so that ß and SS are the same, and the two small sigmas.
  const folded = text.normalize('NFKC').toUpperCase().toLowerCase().replaceAll('ς', 'σ');
  return folded
    .normalize('NFKC')
    .replaceAll(/[\s\p{Cc}\p{Cf}]+/gu, ' ')
    .trim();
}

/**
 * Other ways to write the same: an address of an interface, or its beginning, with colons. Of 3C-EC-EF, 3cec.ef12 and 3cecef123456; undefined
 * for what looks like no such address.
 */
export function asMac(word: string): string | undefined {
  const isPairs = /^[0-9a-f]{2}([-.][0-9a-f]{2}){1,5}[-.]?$/.test(word);
  const isQuads = /^[0-9a-f]{4}([-.][0-9a-f]{2,4}){1,2}$/.test(word);
  if (!isPairs && !isQuads && !/^[0-9a-f]{12}$/.test(word)) return undefined;
  const digits = word.replaceAll(/[-.]/g, '');
  return digits.length % 2 === 0 && digits.length <= 12 ? digits.match(/../g)?.join(':') : undefined;
}
