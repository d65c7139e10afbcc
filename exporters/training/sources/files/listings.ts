import type { Clock } from '../../../../kit/clock.ts';
import type { Entry, FileFacts } from './file-system.ts';

/**
 * What was in folders at the last look. A folder of a disk of this machine whose status did not change since holds the same names; disks of
 * the network and those made of something else do not always keep to that.
 */
export interface Listings {
  /** A look begins: what is not asked for in it is forgotten at the next. */
  readonly begin: () => void;
  /** Undefined if the folder has to be read. */
  readonly find: (path: string, facts: FileFacts) => readonly Entry[] | undefined;
  /** Whether it was a folder of a disk of this machine at the last look. */
  readonly has: (path: string) => boolean;
  readonly keep: (path: string, facts: FileFacts, entries: readonly Entry[]) => void;
}

interface Listing {
  readonly identity: string;
  readonly changedSeconds: number;
  readonly entries: readonly Entry[];
}

/** The kernel writes times by a clock that is some milliseconds coarse; what changed just now may change again in the same moment. */
const settledSeconds = 2;
/** Of all folders together; of further ones nothing is kept. */
const maxEntries = 200_000;

export function createListings(clock: Clock): Listings {
  let before = new Map<string, Listing>();
  let current = new Map<string, Listing>();
  let kept = 0;

  function add(path: string, listing: Listing): void {
    if (kept + listing.entries.length > maxEntries) return;
    kept += listing.entries.length;
    current.set(path, listing);
  }

  return {
    begin: () => {
      before = current;
      current = new Map();
      kept = 0;
    },
    find: (path, { identity, changedSeconds }) => {
      const listing = before.get(path);
      if (listing?.identity !== identity || listing.changedSeconds !== changedSeconds) return undefined;
      add(path, listing);
      return listing.entries;
    },
    has: (path) => before.has(path),
    keep: (path, { identity, changedSeconds }, entries) => {
      if (clock.now() - changedSeconds > settledSeconds) add(path, { identity, changedSeconds, entries });
    },
  };
}
