import type { RunIdentity, RunStream, SourceKind } from '../../exporters/training/journal.ts';
import { createRunBook, type RunBookSettings } from '../../exporters/training/runs/run-book.ts';
import type { RunModel, RunState } from '../../exporters/training/runs/run-state.ts';
import { createSourceLedger } from '../../exporters/training/source-ledger.ts';

export const bookSettings: RunBookSettings = {
  maxRuns: 10,
  idleSeconds: 3600,
  retentionSeconds: 600,
  maxScalars: 3,
  maxRanks: 100,
};

export function identityOf(run: string, more: Partial<RunIdentity> = {}): RunIdentity {
  return { key: `/runs/${run}`, run, longName: `/runs/${run}`, jobId: '', host: '', namespace: '', pod: '', ...more };
}

/** A book whose clock stands where a test sets it. */
export function startBook(
  settings: Partial<RunBookSettings> = {},
  modelOf: (run: string) => RunModel | undefined = () => undefined,
) {
  const time = { now: 1000 };
  const clock = { now: () => time.now, monotonic: () => time.now };
  const ledger = createSourceLedger();
  const streams: RunStream[] = [];
  const book = createRunBook({ ...bookSettings, ...settings }, { clock, ledger, modelOf });

  function stream(kind: SourceKind, id = `${kind}-1`, identity = identityOf('a')): RunStream {
    const opened = book.openStream(identity, kind, id);
    if (opened === undefined) throw new Error(`the book has no room for ${identity.run}`);
    streams.push(opened);
    return opened;
  }

  /** All that was there is read. */
  function settle(): void {
    for (const each of streams) each.settle(time.now);
  }

  function state(run = 'a'): RunState {
    settle();
    const found = book.shown().find(({ state: { identity } }) => identity.run === run);
    if (found === undefined) throw new Error(`${run} is not shown`);
    return found.state;
  }

  return { book, clock, ledger, stream, settle, state, time };
}

/** Reports the loss at every step from `first` to `last`, `apart` seconds apart, the first at `atSeconds`. Returns the time of the last. */
export function train(
  stream: RunStream,
  {
    first,
    last,
    atSeconds,
    apart = 1,
    every = 1,
  }: { first: number; last: number; atSeconds: number; apart?: number; every?: number },
): number {
  let at = atSeconds;
  for (let step = first; step <= last; step += every) {
    if (step > first) at += apart * every;
    stream.value('loss', 2 + 1 / (step + 1), step, at);
  }
  return at;
}
