import type { Clock } from '../../../kit/clock.ts';
import { withDeadline } from '../../../kit/deadline.ts';
import { reasonOf, SourceError } from '../../../kit/errors.ts';
import type { Log } from '../../../kit/log.ts';
import type { PredictionSource } from '../prediction-file/source.ts';
import type { ConnectedSource } from '../sources/prometheus/connect-source.ts';
import type { LabelSigns } from '../sources/prometheus/label-signs.ts';
import { type Flags, readFlags } from '../sources/prometheus/read-flags.ts';
import { type Present, readPresent } from '../sources/prometheus/read-present.ts';
import type { SourceView } from '../view.ts';
import { createSignHistory, type SignHistory, type SignKeeper } from './sign-history.ts';

/** What a source told last. */
export interface Reading extends Present {
  readonly atMs: number;
  readonly flags: ReadonlyMap<string, Flags>;
}

/** One Prometheus that is asked again and again. */
export interface WatchedSource {
  readonly source: PredictionSource;
  readonly connected: ConnectedSource;
  /** Asks for the present; a source that does not answer keeps what it told before. Rejects only when the signal is aborted. */
  readonly read: (atMs: number, signal: AbortSignal) => Promise<void>;
  readonly reading: () => Reading | undefined;
  readonly signs: SignHistory;
  readonly isUp: () => boolean;
  readonly view: () => Omit<SourceView, 'backfill'>;
}

export interface WatchedSourceDeps {
  readonly source: PredictionSource;
  readonly connected: ConnectedSource;
  readonly keeper: SignKeeper;
  /** For all answers of one reading. */
  readonly patienceMs: number;
  readonly clock: Clock;
  readonly log: Log;
}

export async function watchSource(deps: WatchedSourceDeps): Promise<WatchedSource> {
  const { source, connected, keeper, patienceMs, clock, log } = deps;
  const signs = await createSignHistory({ source, api: connected.history, keeper, log });
  const late = new SourceError(
    `${new URL(source.url).origin} did not answer all questions within ${patienceMs / 1000} s, the time between scorings`,
  );
  let reading: Reading | undefined;
  let isUp: boolean | undefined;
  let problem: string | undefined;
  let lastSuccessMs: number | undefined;
  let seconds: number | undefined;
  let failures = 0;

  async function readAll(atMs: number, signal: AbortSignal): Promise<Reading> {
    const request = { labels: source.labels, matchers: source.match, atMs, signal };
    const present = await readPresent(connected.now, request);
    const flags = await readFlags(connected.now, request);
    await signs.readLate(atMs, signal);
    return { ...present, atMs, flags };
  }

  return {
    source,
    connected,
    signs,
    reading: () => reading,
    isUp: () => isUp === true,
    read: async (atMs, signal) => {
      const begun = clock.monotonic();
      try {
        reading = await withDeadline({ ms: patienceMs, late, outer: signal }, (stop) => readAll(atMs, stop));
        if (isUp === false) log.info('the source answers again', { source: source.name });
        isUp = true;
        problem = undefined;
        lastSuccessMs = atMs;
      } catch (error) {
        signal.throwIfAborted();
        failures += 1;
        problem = reasonOf(error);
        if (isUp !== false) log.warn('a source does not answer as it must', { source: source.name, reason: problem });
        isUp = false;
      }
      seconds = clock.monotonic() - begun;
    },
    view: () => ({ name: source.name, isUp, lastSuccessMs, seconds, failures, problem }),
  };
}

export function signsOf(sources: readonly WatchedSource[]): LabelSigns {
  const all = sources.map(({ signs }) => signs.signs());
  return {
    xids: all.flatMap(({ xids }) => xids),
    absences: all.flatMap(({ absences }) => absences),
    remaps: all.flatMap(({ remaps }) => remaps),
    states: all.flatMap(({ states }) => states),
  };
}
