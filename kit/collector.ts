import { fleetlens } from '../metrics/fleetlens.ts';
import type { Clock } from './clock.ts';
import { reasonOf } from './errors.ts';
import { createSampleWriter, type Emit, type EmitHistogram, type Family } from './exposition/samples.ts';
import type { Log } from './log.ts';

export interface CollectorOutput<C> {
  readonly emit: Emit<C>;
  readonly emitHistogram: EmitHistogram<C>;
  /** Says that part of the collection failed; what was emitted is kept, and success becomes 0. */
  readonly fail: (reason: string) => void;
  /** Aborted at the deadline. */
  readonly signal: AbortSignal;
}

/** Turns a reading into samples. It may throw: that costs its own samples and nobody else's. */
export interface Collector<Reading, C> {
  readonly name: string;
  readonly collect: (reading: Reading, output: CollectorOutput<C>) => void | Promise<void>;
}

export interface CollectorRunner<Reading> {
  /** The samples of all collectors with `fleetlens_collector_*`. Never rejects. */
  readonly run: (reading: Reading) => Promise<readonly Family[]>;
  /** Success 0 for every collector and no sample else: there is no reading at all. */
  readonly failAll: (reason: string) => readonly Family[];
}

interface RunnerDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly deadlineSeconds: number;
}

interface Outcome {
  readonly families: readonly Family[];
  readonly failure: string | undefined;
  /** Undefined where the collector did not run. */
  readonly seconds: number | undefined;
}

export function createCollectorRunner<Reading, C extends Readonly<Record<string, unknown>>>(
  catalogue: C,
  collectors: readonly Collector<Reading, C>[],
  deps: RunnerDeps,
): CollectorRunner<Reading> {
  const lastFailure = new Map<string, string | undefined>();

  function report(outcomes: readonly (readonly [name: string, outcome: Outcome])[]): readonly Family[] {
    const { emit, families } = createSampleWriter(fleetlens);
    for (const [collector, { failure, seconds }] of outcomes) {
      emit('fleetlens_collector_success', { collector }, failure === undefined ? 1 : 0);
      emit('fleetlens_collector_duration_seconds', { collector }, seconds);
    }
    logChanges(outcomes);
    return [...outcomes.flatMap(([, outcome]) => outcome.families), ...families()];
  }

  /** One line for all collectors that failed for the same reason, and only when that is news. */
  function logChanges(outcomes: readonly (readonly [name: string, outcome: Outcome])[]): void {
    const changed = new Map<string | undefined, string[]>();
    for (const [collector, { failure }] of outcomes) {
      if (lastFailure.get(collector) === failure) continue;
      lastFailure.set(collector, failure);
      changed.set(failure, [...(changed.get(failure) ?? []), collector]);
    }
    for (const [reason, collectors] of changed) {
      if (reason === undefined) deps.log.info('collectors recovered', { collectors: collectors.join(' ') });
      else deps.log.warn('collectors failed', { collectors: collectors.join(' '), reason });
    }
  }

  return {
    run: async (reading) => {
      const outcomes = collectors.map(
        async (collector) => [collector.name, await runOne(catalogue, collector, reading, deps)] as const,
      );
      return report(await Promise.all(outcomes));
    },
    failAll: (reason) =>
      report(collectors.map(({ name }) => [name, { families: [], failure: reason, seconds: undefined }] as const)),
  };
}

async function runOne<Reading, C extends Readonly<Record<string, unknown>>>(
  catalogue: C,
  collector: Collector<Reading, C>,
  reading: Reading,
  { clock, deadlineSeconds }: RunnerDeps,
): Promise<Outcome> {
  const writer = createSampleWriter(catalogue);
  const started = clock.monotonic();
  let failure: string | undefined;
  const fail = (reason: string): void => {
    failure ??= reason;
  };
  try {
    const { emit, emitHistogram } = writer;
    await beforeDeadline(deadlineSeconds, (signal) =>
      collector.collect(reading, { emit, emitHistogram, fail, signal }),
    );
    return { families: writer.families(), failure, seconds: clock.monotonic() - started };
  } catch (error) {
    return { families: [], failure: reasonOf(error), seconds: clock.monotonic() - started };
  }
}

/** Gives up on work that is still under way at the deadline; work that returns at once costs no timer. */
async function beforeDeadline(seconds: number, work: (signal: AbortSignal) => void | Promise<void>): Promise<void> {
  const controller = new AbortController();
  const pending = work(controller.signal);
  if (pending === undefined) return;
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`not done after ${seconds} s`));
      controller.abort();
    }, seconds * 1000);
  });
  try {
    await Promise.race([pending, deadline]);
  } finally {
    clearTimeout(timer);
  }
}
