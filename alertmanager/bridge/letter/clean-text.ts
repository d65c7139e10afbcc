const emojiJoiner = '\u200D';
const blankLetters = /[\u115F\u1160\u3164\uFFA0\u2800]/gu;
/** Most texts are such, and are clean already. */
const plainLine = /^[!-~]*(?: [!-~]+)*$/;
const manyMarks = /(\p{M}{4})\p{M}+/gu;

/**
 * A text of an alert on one line, without what a reader cannot see and what turns the rest around: control characters, overrides of the
 * direction of writing, zero-width characters (but for those that join an emoji) and halves of a character.
 */
export function cleanText(text: string): string {
  if (plainLine.test(text)) return text;
  return text
    .replaceAll(/\p{Cf}/gu, keepsEmojiTogether)
    .replaceAll(/[\s\p{Zl}\p{Zp}\p{Zs}]+/gu, ' ')
    .replaceAll(/\p{Cc}|\p{Cs}|\p{Co}/gu, '')
    .replaceAll(blankLetters, '')
    .replaceAll(manyMarks, '$1')
    .trim();
}

function keepsEmojiTogether(character: string, offset: number, whole: string): string {
  if (character !== emojiJoiner) return '';
  const joins = /(?:\p{Extended_Pictographic}|\p{Emoji_Modifier}|\uFE0F)$/u.test(
    whole.slice(Math.max(0, offset - 2), offset),
  );
  return joins && /^\p{Extended_Pictographic}/u.test(whole.slice(offset + 1, offset + 3)) ? character : '';
}

/** Longer texts are cut before anything else is done with them, for an annotation may have a megabyte. */
const charactersPerUnit = 4;

/** At most `bytes` of UTF-8, with … where something was cut off; never half a character or half an emoji. */
export function shortened(text: string, bytes: number): string {
  return cutTo(text, bytes, Buffer.byteLength);
}

/** At most so many characters of UTF-16. */
export function shortenedTo(text: string, characters: number): string {
  return cutTo(text, characters, ({ length }) => length);
}

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

function cutTo(text: string, max: number, sizeOf: (part: string) => number): string {
  const longest = max * charactersPerUnit;
  const clean = cleanText(text.slice(0, longest));
  if (sizeOf(clean) <= max && text.length <= longest) return clean;
  let left = max - sizeOf('…');
  // Each character of such a text has one byte and stands for itself, and to look for emoji takes long.
  if (plainLine.test(clean)) return `${clean.slice(0, Math.max(0, left)).trimEnd()}…`;
  let taken = '';
  for (const { segment } of graphemes.segment(clean)) {
    left -= sizeOf(segment);
    if (left < 0) break;
    taken += segment;
  }
  return `${taken.trimEnd()}…`;
}
