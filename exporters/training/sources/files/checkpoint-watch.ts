import { createCheckpointMemory } from './checkpoint-memory.ts';
import type { CheckpointSighting } from './checkpoint-sighting.ts';
import type { Voice } from './voice.ts';

/** Tells of the checkpoints of one run. */
export interface CheckpointWatch {
  /** Complete checkpoints that need not be read again. */
  readonly known: () => ReadonlyMap<string, CheckpointSighting>;
  /** `isAlive` is false for a run that is as old as those of which nothing is told. */
  readonly look: (sightings: readonly CheckpointSighting[], nowSeconds: number, isAlive: boolean) => void;
  /** Undefined if nothing was told. */
  readonly toldUntil: () => number | undefined;
  readonly close: () => void;
}

/** So many of the newest of a series are looked at again: a run that went back writes them anew. */
const watchedAgain = 3;

export function createCheckpointWatch(voice: Voice, toldBefore: number | undefined): CheckpointWatch {
  const memory = createCheckpointMemory(toldBefore);
  let known: ReadonlyMap<string, CheckpointSighting> = new Map();
  let isFirstLook = true;

  function tell(sightings: readonly CheckpointSighting[], nowSeconds: number): void {
    const news = memory.takeNews(sightings, nowSeconds);
    for (const checkpoint of news) voice.stream.checkpoint(checkpoint);
    if (news.length > 0) voice.stream.settle(isFirstLook ? undefined : nowSeconds);
  }

  return {
    known: () => known,
    look: (sightings, nowSeconds, isAlive) => {
      if (isAlive || sightings.some(({ completeAt }) => (completeAt ?? 0) > nowSeconds)) tell(sightings, nowSeconds);
      else memory.passOver(sightings);
      isFirstLook = false;
      known = settled(sightings);
    },
    toldUntil: () => (memory.toldUntil() === 0 ? undefined : memory.toldUntil()),
    close: voice.close,
  };
}

function settled(sightings: readonly CheckpointSighting[]): ReadonlyMap<string, CheckpointSighting> {
  const newestFirst = [...sightings].sort((a, b) => (b.completeAt ?? 0) - (a.completeAt ?? 0));
  const counts = new Map<string, number>();
  const known = new Map<string, CheckpointSighting>();
  for (const sighting of newestFirst) {
    const count = (counts.get(sighting.series) ?? 0) + 1;
    counts.set(sighting.series, count);
    const isFolder = sighting.family !== 'lightning' && sighting.path !== undefined;
    if (count > watchedAgain && isFolder && sighting.completeAt !== undefined) known.set(sighting.path, sighting);
  }
  return known;
}
