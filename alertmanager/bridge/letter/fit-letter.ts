import type { Message } from '../message.ts';
import type { Detail, Letter } from './letter.ts';
import { writeLetter } from './write-letter.ts';

/** From much to little. The last one always fits: its texts are all short. */
const details: readonly Omit<Detail, 'named'>[] = [
  { described: 5, names: 30, links: 4, summaryBytes: 240, descriptionBytes: 600 },
  { described: 3, names: 20, links: 4, summaryBytes: 240, descriptionBytes: 300 },
  { described: 1, names: 10, links: 4, summaryBytes: 240, descriptionBytes: 200 },
  { described: 0, names: 10, links: 4, summaryBytes: 160, descriptionBytes: 0 },
  { described: 0, names: 2, links: 0, summaryBytes: 60, descriptionBytes: 0 },
];

/** A line for each alert is worth more than long descriptions of a few. */
const wantedNames = 5;

/** No line of an alert is shorter, so more of them than this never fit. */
const shortestLineBytes = 20;

/** As {@link fitLetterIfAny} for encodings whose own parts are small, which always have a form that fits. */
export function fitLetter(message: Message, room: Room, encode: (letter: Letter) => string): string {
  const body = fitLetterIfAny(message, room, encode);
  if (body === undefined) throw new Error(`no form of a message has ${room.bytes} bytes or fewer`);
  return body;
}

export interface Room {
  readonly bytes: number;
  readonly timeZone?: string | undefined;
}

/**
 * The fullest form of a message whose encoding has at most `bytes` of UTF-8. All alerts that it does not name are counted in it.
 * `encode` makes the body that is sent; it is called some dozens of times.
 */
export function fitLetterIfAny(
  message: Message,
  { bytes, timeZone }: Room,
  encode: (letter: Letter) => string,
): string | undefined {
  const most = Math.min(message.alerts.length, Math.ceil(bytes / shortestLineBytes));
  let best: string | undefined;
  for (const detail of details) {
    const encoded = (named: number): string => encode(writeLetter(message, { ...detail, named }, timeZone));
    const found = mostThatFits(most, bytes, encoded);
    if (found === undefined) continue;
    best = found.body;
    if (found.named >= Math.min(most, wantedNames)) return best;
  }
  return best;
}

function mostThatFits(
  most: number,
  bytes: number,
  encoded: (named: number) => string,
): { readonly named: number; readonly body: string } | undefined {
  const fits = (named: number): string | undefined => {
    const body = encoded(named);
    return Buffer.byteLength(body) <= bytes ? body : undefined;
  };
  const none = fits(0);
  if (none === undefined) return undefined;
  let low = { named: 0, body: none };
  let high = most;
  while (low.named < high) {
    const named = Math.ceil((low.named + high) / 2);
    const body = fits(named);
    if (body === undefined) high = named - 1;
    else low = { named, body };
  }
  return low;
}
