import { createRunFiles, type FileChange } from './run-files.ts';
import { type RunEvent, runEvents } from './run-model.ts';
import { shapeOf } from './run-shape.ts';
import type { SimulatedRun } from './simulated-run.ts';
import { createRunWriter } from './writers/create-run-writer.ts';
import { writeEvent } from './writers/run-writer.ts';

/** A run as time goes by: what happens and what its program writes. How often it is asked changes nothing in its files. */
export interface RunPlay {
  /** From the last second to this one. */
  readonly advance: (toSecond: number) => Played;
}

export interface Played {
  readonly events: readonly RunEvent[];
  readonly changes: readonly FileChange[];
}

/** `startedSeconds` is the Unix time at which the simulation began. */
export function createRunPlay(run: SimulatedRun, startedSeconds: number): RunPlay {
  const files = createRunFiles();
  const unixSeconds = (second: number): number => startedSeconds + second;
  const writer = createRunWriter({ run, shape: shapeOf(run), files, unixSeconds });
  const life = runEvents(run);
  let next = life.next();

  function advance(toSecond: number): Played {
    const events: RunEvent[] = [];
    while (next.done !== true && next.value.second <= toSecond) {
      writer.pass(next.value.second);
      writeEvent(writer, next.value);
      events.push(next.value);
      next = life.next();
    }
    writer.pass(toSecond);
    return { events, changes: files.take() };
  }

  return { advance };
}
