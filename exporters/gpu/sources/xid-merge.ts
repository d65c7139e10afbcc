import type { XidEvent } from '../reading.ts';
import type { XidSourceName } from './source.ts';

export interface XidMerge {
  /**
   * False if the event is the same error that was heard through the other source before. `nowMonotonic` is in seconds and is when it
   * was heard, because the sources do not agree on when it happened.
   */
  readonly isNews: (event: Pick<XidEvent, 'uuid' | 'xid'>, via: XidSourceName, nowMonotonic: number) => boolean;
}

interface Settings {
  /** How much later than the first the second source may tell of the same error. */
  readonly windowSeconds: number;
}

/** Errors of one GPU and code that only one of the sources has told of, counted by the second, oldest first. */
interface Unmatched {
  readonly via: XidSourceName;
  readonly seconds: { readonly second: number; count: number }[];
}

/** More than any node has GPUs with errors at a time. */
const mostKeys = 4096;

/**
 * Tells an error that two sources report from two errors: an event of one source cancels one event of the other, so that what is
 * counted is the larger of the two numbers, in whatever order they come. A source alone is always news.
 */
export function createXidMerge({ windowSeconds }: Settings): XidMerge {
  const unmatched = new Map<string, Unmatched>();

  function inWindow(key: string, now: number): Unmatched | undefined {
    const known = unmatched.get(key);
    if (known === undefined) return undefined;
    const oldest = Math.floor(now - windowSeconds);
    while (known.seconds[0] !== undefined && known.seconds[0].second < oldest) known.seconds.shift();
    return known.seconds.length > 0 ? known : undefined;
  }

  function add(key: string, via: XidSourceName, known: Unmatched | undefined, second: number): void {
    const last = known?.seconds.at(-1);
    if (last?.second === second) last.count++;
    else if (known !== undefined) known.seconds.push({ second, count: 1 });
    else {
      unmatched.delete(key);
      unmatched.set(key, { via, seconds: [{ second, count: 1 }] });
    }
  }

  function forgetOldest(): void {
    const [oldest] = unmatched.keys();
    if (unmatched.size > mostKeys && oldest !== undefined) unmatched.delete(oldest);
  }

  return {
    isNews: ({ uuid, xid }, via, nowMonotonic) => {
      const key = `${xid} ${uuid}`;
      const known = inWindow(key, nowMonotonic);
      if (known !== undefined && known.via !== via) {
        cancelOne(known);
        return false;
      }
      add(key, via, known, Math.floor(nowMonotonic));
      forgetOldest();
      return true;
    },
  };
}

function cancelOne({ seconds }: Unmatched): void {
  const [oldest] = seconds;
  if (oldest === undefined) return;
  oldest.count--;
  if (oldest.count === 0) seconds.shift();
}
