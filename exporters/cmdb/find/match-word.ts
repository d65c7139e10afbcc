import { marks } from './find-entry.ts';
import type { Chunk } from './find-index.ts';
import { asMac } from './fold.ts';

/** How well a word fits, best first. */
export const ranks = { exactIdentity: 0, exactName: 1, prefix: 2, wordStart: 3, inside: 4, none: 5 } as const;

const wordCharacter = /[\p{L}\p{N}]/u;
/** A single character is inside nearly everything: it only finds what begins with it. */
const leastInside = 2;

/** Lowers `best`, one rank for each entry of the chunk, to where the word fits as well as nowhere else in the entry. */
export function rankWord(chunk: Chunk, word: string, best: Uint8Array): void {
  rankText(chunk, word, best);
  const mac = asMac(word);
  if (mac !== undefined && mac !== word) rankText(chunk, mac, best);
}

function rankText({ text, starts, entries }: Chunk, word: string, best: Uint8Array): void {
  let entry = 0;
  for (let at = text.indexOf(word); at >= 0; ) {
    while ((starts[entry + 1] ?? text.length) <= at) entry++;
    if (entry >= entries.length) return;
    const rank = rankAt(text, word, at);
    if (rank < (best[entry] ?? ranks.none)) best[entry] = rank;
    // Nothing is better than the best, so the rest of the entry need not be read.
    at = text.indexOf(word, rank === ranks.exactIdentity ? (starts[entry + 1] ?? text.length) : at + 1);
  }
}

function rankAt(text: string, word: string, at: number): number {
  const before = text[at - 1] ?? marks.field;
  const isWhole = text[at + word.length] === marks.end;
  if (before === marks.identity) return isWhole ? ranks.exactIdentity : ranks.prefix;
  if (before === marks.name) return isWhole ? ranks.exactName : ranks.prefix;
  if (!wordCharacter.test(before)) return ranks.wordStart;
  return word.length < leastInside ? ranks.none : ranks.inside;
}
