import type { FileStats } from './file-system.ts';
import { type Tail, unreadBytes } from './tail.ts';

/** Files are looked at often for so long after they grew. */
export const hotSeconds = 600;

/** What a look at a file says; suspicious is one that may not be what it was. */
export type TailState = 'same' | 'grew' | 'suspicious' | 'gone';

/** There is no file of this name. Gone is what is not there at two looks: rotation leaves a gap. */
export function takeAbsence(tail: Tail): TailState {
  if (tail.readPath !== tail.path && unreadBytes(tail) > 0) return 'grew';
  if (tail.isMissing) return 'gone';
  tail.isMissing = true;
  tail.hotUntil = Number.POSITIVE_INFINITY;
  return 'same';
}

/** `now` is of the clock that never goes back. */
export function takeStats(tail: Tail, stats: FileStats, now: number): TailState {
  if (tail.isMissing) tail.hotUntil = now + hotSeconds;
  tail.isMissing = false;
  if (tail.readPath !== tail.path || stats.ino !== tail.ino || stats.dev !== tail.dev) return 'suspicious';
  const mtimeSeconds = Math.floor(stats.mtimeMs) / 1000;
  const hasOtherSize = stats.size !== tail.size;
  const isTouched = hasOtherSize || mtimeSeconds !== tail.mtimeSeconds;
  tail.mtimeSeconds = mtimeSeconds;
  if (hasOtherSize) tail.hotUntil = now + hotSeconds;
  tail.size = stats.size;
  return stateAt(tail, isTouched);
}

function stateAt(tail: Tail, isTouched: boolean): TailState {
  if (unreadBytes(tail) > 0) return 'grew';
  // What comes after this is new. A file that became shorter is one that is touched.
  tail.isFirstRead = false;
  return isTouched && tail.position > 0 ? 'suspicious' : 'same';
}
