import type { Checkpoint } from '../../journal.ts';
import type { CheckpointSighting } from './checkpoint-sighting.ts';

/** What there is to tell of the checkpoints of one run. */
export interface CheckpointMemory {
  /** What is new since the last look, in the order in which it happened. */
  readonly takeNews: (sightings: readonly CheckpointSighting[], nowSeconds: number) => readonly Checkpoint[];
  /** Everything that is there is old: nothing is told of it. */
  readonly passOver: (sightings: readonly CheckpointSighting[]) => void;
  /** Time of the newest that was told, for a later exporter. */
  readonly toldUntil: () => number;
}

/** Of what was there before the first look no more is told. */
export const maxOld = 64;
/** A file without a marker is complete when it was not written to for so long. */
const quietSeconds = 20;

/** `toldBefore` is until when an earlier exporter told. */
export function createCheckpointMemory(toldBefore = 0): CheckpointMemory {
  /** When each was complete, or failed. One that is written again under its name is a new one. */
  let told = new Map<string, number>();
  let toldUntil = toldBefore;
  let isFirstLook = true;

  function keep(sightings: readonly CheckpointSighting[]): void {
    const present = new Set(sightings.flatMap(({ key }) => [key, failureOf(key)]));
    told = new Map([...told].filter(([key]) => present.has(key)));
  }

  function mark(key: string, atSeconds: number): void {
    told.set(key, atSeconds);
    toldUntil = Math.max(toldUntil, atSeconds);
  }

  function takeNews(sightings: readonly CheckpointSighting[], nowSeconds: number): readonly Checkpoint[] {
    keep(sightings);
    const news = [...completed(sightings, nowSeconds), ...failed(sightings)]
      .filter(({ key, timeSeconds }) => timeSeconds > (told.get(key) ?? Number.NEGATIVE_INFINITY))
      .sort((a, b) => a.timeSeconds - b.timeSeconds || (a.step ?? 0) - (b.step ?? 0));
    for (const { key, timeSeconds } of news) mark(key, timeSeconds);
    const shown = isFirstLook ? news.filter((one) => one.timeSeconds > toldBefore).slice(-maxOld) : news;
    isFirstLook = false;
    return shown.map(({ step, timeSeconds, outcome }) => ({ step, timeSeconds, outcome }));
  }

  /** One that failed is told only if it was never complete: old ones are deleted file by file. */
  function failed(sightings: readonly CheckpointSighting[]): readonly News[] {
    const newest = new Map<string, number>();
    for (const { series, completeAt } of sightings)
      if (completeAt !== undefined) newest.set(series, Math.max(completeAt, newest.get(series) ?? 0));
    return sightings.flatMap(({ key, series, step, completeAt, touchedAt }) => {
      const isOver = completeAt === undefined && touchedAt < (newest.get(series) ?? 0) && !told.has(key);
      return isOver ? [{ key: failureOf(key), step, timeSeconds: touchedAt, outcome: 'failed' as const }] : [];
    });
  }

  return {
    takeNews,
    passOver: (sightings) => {
      for (const { key, completeAt, touchedAt } of sightings) {
        if (completeAt !== undefined) mark(key, completeAt);
        else mark(failureOf(key), touchedAt);
      }
      isFirstLook = false;
    },
    toldUntil: () => toldUntil,
  };
}

interface News extends Checkpoint {
  readonly key: string;
  readonly timeSeconds: number;
}

function completed(sightings: readonly CheckpointSighting[], nowSeconds: number): readonly News[] {
  return sightings.flatMap(({ key, step, completeAt, mayGrow }) => {
    if (completeAt === undefined || (mayGrow && nowSeconds - completeAt < quietSeconds)) return [];
    return [{ key, step, timeSeconds: completeAt, outcome: 'complete' as const }];
  });
}

function failureOf(key: string): string {
  return `failed ${key}`;
}
