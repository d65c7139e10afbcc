import { textIn } from '../json-value.ts';
import type { ResourceName } from './api-resources.ts';
import { keepWatching, type LastingWatch, type WatchDeps } from './keep-watching.ts';
import { type Kept, type ListRequest, listObjects, type Parse } from './list-objects.ts';

/** All objects of a kind, kept fresh by a watch so that they need not be listed each time. */
export interface LiveCopy<T extends Kept> {
  /** From the copy while the watch keeps it fresh; else from a list, after which a new watch begins. */
  readonly read: (reading: Reading) => Promise<ReadObjects<T>>;
  readonly stop: () => Promise<void>;
}

type Reading = Pick<ListRequest<never>, 'signal' | 'onProgress'>;

export interface ReadObjects<T> {
  readonly objects: ReadonlyMap<string, T>;
  /** How often an object was told that is not as it must be. */
  readonly bad: number;
  /** Why the server allows no watch. */
  readonly watchRefused: string | undefined;
}

interface LiveCopySettings<T extends Kept> {
  readonly resource: ResourceName;
  readonly parse: Parse<T>;
  /** A watch that tells nothing for so long is taken for dead. An API server tells a bookmark about once a minute. */
  readonly silenceSeconds?: number | undefined;
}

const defaultSilenceSeconds = 150;
/** What a watch might have missed by a fault of its server is found by then. */
const longestLifeSeconds = 6 * 3600;

export function createLiveCopy<T extends Kept>(
  { resource, parse, silenceSeconds = defaultSilenceSeconds }: LiveCopySettings<T>,
  deps: WatchDeps,
): LiveCopy<T> {
  const { client, clock } = deps;
  let objects = new Map<string, T>();
  let bad = 0;
  let listedAt = 0;
  let watching: LastingWatch | undefined;
  let watchRefused: string | undefined;

  function onChange(object: unknown): void {
    const kept = parse(object);
    if (kept !== undefined) return void objects.set(kept.uid, kept);
    bad++;
    onGone(object);
  }

  function onGone(object: unknown): void {
    objects.delete(textIn(object, 'metadata', 'uid') ?? '');
  }

  async function stop(): Promise<void> {
    await watching?.stop();
    watchRefused = watching?.refused();
    watching = undefined;
  }

  async function list(reading: Reading): Promise<void> {
    await stop();
    const listing = await listObjects(client, { resource, parse, ...reading });
    ({ objects, bad } = listing);
    listedAt = clock.monotonic();
    const { resourceVersion } = listing;
    watching = keepWatching({ resource, resourceVersion, silenceSeconds }, { onChange, onGone }, deps);
  }

  return {
    read: async (reading) => {
      const isFresh = watching?.isOpen() === true && clock.monotonic() - listedAt < longestLifeSeconds;
      if (!isFresh) await list(reading);
      return { objects, bad, watchRefused: isFresh ? undefined : watchRefused };
    },
    stop,
  };
}
