import { type Gap, isAllGap } from './gaps.ts';
import type { Window } from './window.ts';

/** Consecutive steps in which something held, in columns: there may be millions. */
export interface Stretches {
  readonly startsMs: number[];
  /** The first step at which it no longer held. */
  readonly endsMs: number[];
  /** It held at the first step that was recorded, so nobody knows since when. */
  heldAtStart: boolean;
  /** It holds at the last step that was recorded. */
  holdsAtEnd: boolean;
}

/** Turns the steps at which something held, told in order and in any number of pieces, into stretches. */
export interface StretchBuilder {
  readonly add: (timesMs: Float64Array) => void;
  readonly end: () => Stretches;
}

export function createStretchBuilder(window: Window, gaps: readonly Gap[]): StretchBuilder {
  const { stepMs } = window;
  const firstMs = firstRecorded(window, gaps);
  const found: Stretches = { startsMs: [], endsMs: [], heldAtStart: false, holdsAtEnd: false };
  let last: number | undefined;

  function begin(timeMs: number): void {
    found.startsMs.push(timeMs);
    if (timeMs <= firstMs) found.heldAtStart = true;
  }

  function close(lastMs: number): void {
    found.endsMs.push(lastMs + stepMs);
  }

  return {
    add: (timesMs) => {
      for (const time of timesMs) {
        if (last === undefined) begin(time);
        else if (time > last + stepMs && !isAllGap(gaps, last, time, stepMs)) {
          close(last);
          begin(time);
        }
        last = time;
      }
    },
    end: () => {
      if (last === undefined) return found;
      close(last);
      found.holdsAtEnd = last >= lastRecorded(window, gaps);
      return found;
    },
  };
}

function lastRecorded({ endMs, stepMs }: Window, gaps: readonly Gap[]): number {
  const atEnd = gaps.find(({ toMs }) => toMs >= endMs);
  return atEnd === undefined ? endMs : atEnd.fromMs - stepMs;
}

function firstRecorded({ startMs, stepMs }: Window, gaps: readonly Gap[]): number {
  const atStart = gaps.find(({ fromMs }) => fromMs <= startMs);
  return atStart === undefined ? startMs : atStart.toMs + stepMs;
}
