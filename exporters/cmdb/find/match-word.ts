import { marks } from './find-entry.ts';
import type { Chunk } from './find-index.ts';
import { asMac } from './fold.ts';

/** How well a word fits, best first. */
export const ranks = { exactIdentity: 0, exactName: 1, prefix: 2, wordStart: 3, inside: 4, none: 5 } as const;

const wordCharacter = /[\p{L}\p{N}]/u;

/** Lowers `best`, one rank for each entry of the chunk, to where the word fits as well as nowhere else in the entry. */
export function rankWord(chunk: Chunk, word: string, best: Uint8Array): void {
  // A single character is inside nearly everything: it only finds numbers, names and values that begin with it.
  if (word.length === 1) {
    for (const mark of [marks.identity, marks.name, marks.field]) rankText(chunk, word, best, mark);
    return;
  }
  rankText(chunk, word, best);
  const mac = asMac(word);
  if (mac !== undefined && mac !== word) rankText(chunk, mac, best);
}

/** Looks for the word behind the mark only, if one is given. */
function rankText({ text, starts, entries }: Chunk, word: string, best: Uint8Array, mark = ''): void {
  const wanted = mark + word;
  let entry = 0;
  for (let at = text.indexOf(wanted); at >= 0; ) {
    while ((starts[entry + 1] ?? text.length) <= at) entry++;
    if (entry >= entries.length) return;
    const rank = rankAt(text, word, at + mark.length);
    if (rank < (best[entry] ?? ranks.none)) best[entry] = rank;
    // Nothing is better than the best, so the rest of the entry need not be read.
    at = text.indexOf(wanted, rank === ranks.exactIdentity ? (starts[entry + 1] ?? text.length) : at + 1);
  }
}

function rankAt(text: string, word: string, at: number): number {
  const before = text[at - 1] ?? marks.field;
  const isWhole = text[at + word.length] === marks.end;
  if (before === marks.identity) return isWhole ? ranks.exactIdentity : ranks.prefix;
  if (before === marks.name) return isWhole ? ranks.exactName : ranks.prefix;
  return wordCharacter.test(before) ? ranks.inside : ranks.wordStart;
}
