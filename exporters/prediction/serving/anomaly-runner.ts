import { reasonOf } from '../../../kit/errors.ts';
import type { Log } from '../../../kit/log.ts';
import { type AnomalyEngine, createAnomalyEngine } from '../anomaly/engine/engine.ts';
import type { AnomalyEvent } from '../anomaly/engine/events.ts';
import type { Readings } from '../anomaly/engine/kind-engine.ts';
import type { AnomalyView } from '../anomaly/engine/view.ts';
import { type AnomalySettings, windowMs } from '../anomaly/settings.ts';
import { type SignalAsking, signals } from '../anomaly/signals.ts';
import { createMembership } from '../sources/anomaly/membership.ts';
import { type PastStep, readHistory } from '../sources/anomaly/read-history.ts';
import { type ReadDeps, readNow } from '../sources/anomaly/read-now.ts';
import { readAnomalyState, writeAnomalyState } from '../sources/anomaly/state-file.ts';
import type { InstantApi } from '../sources/prometheus/named-cluster.ts';

export interface AnomalyRunner {
  /** One step; the first warms up from what was saved or from the history. */
  readonly step: (atMs: number, signal: AbortSignal) => Promise<void>;
  readonly view: () => AnomalyView;
  /** The newest first. */
  readonly recent: () => readonly AnomalyEvent[];
  /** A disk that is full is told; the state of before stays. */
  readonly save: () => void;
}

/** Whom to ask, and for which series. */
export interface AnomalySource {
  readonly api: InstantApi;
  readonly asking: SignalAsking;
}

export interface AnomalyRunnerDeps {
  readonly settings: AnomalySettings;
  readonly sources: readonly AnomalySource[];
  readonly file: string;
  readonly log: Log;
}

const mostRecent = 1000;
const saveEveryMs = 3_600_000;
const aheadMs = 3_600_000;

export function createAnomalyRunner({ settings, sources: asked, file, log }: AnomalyRunnerDeps): AnomalyRunner {
  let engine: AnomalyEngine = createAnomalyEngine(settings);
  let [isWarm, savedMs] = [false, 0];
  let recent: readonly AnomalyEvent[] = [];
  const problems = new Set<string>();
  const sources = asked.map(
    ({ api, asking }): ReadDeps => ({
      api,
      asking,
      membership: createMembership(asking.labels),
      signals,
      onProblem: tellOnce,
    }),
  );

  function tellOnce(problem: string): void {
    if (problems.size < 100 && !problems.has(problem)) log.warn('an anomaly signal cannot be read', { problem });
    problems.add(problem);
  }

  function load(): void {
    try {
      if (readAnomalyState(file, engine)) log.info('anomaly detection goes on from its saved state');
    } catch (error) {
      log.warn('anomaly detection begins anew', { reason: reasonOf(error) });
      engine = createAnomalyEngine(settings);
    }
  }

  /** A past that nobody answers for would count as one without a reading. Rejects with SourceError. */
  async function awaitAnswers(signal: AbortSignal): Promise<void> {
    const answers = await Promise.allSettled(asked.map(({ api }) => api.query('vector(1)', { signal })));
    const [failure] = answers.flatMap((each) => (each.status === 'rejected' ? [each.reason] : []));
    if (failure !== undefined && answers.every(({ status }) => status === 'rejected')) throw failure;
  }

  /** A clock that was ahead and was put right would leave the detectors without a step until that time comes. */
  function beginAnewIfAhead(atMs: number): void {
    if ((engine.view().atMs ?? 0) <= atMs + aheadMs) return;
    log.warn('anomaly detection begins anew: its last step is in the future', { reason: 'the clock was put back' });
    engine = createAnomalyEngine(settings);
    isWarm = false;
  }

  /** What was missed since the last step, or the three days that the detectors need. */
  async function warmUp(atMs: number, signal: AbortSignal): Promise<void> {
    await awaitAnswers(signal);
    load();
    beginAnewIfAhead(atMs);
    const { stepMs } = settings;
    const toMs = Math.floor(atMs / stepMs) * stepMs - stepMs;
    const fromMs = Math.max((engine.view().atMs ?? 0) + stepMs, toMs - windowMs);
    const histories = sources.map((deps) => readHistory(deps, { fromMs, toMs, stepMs, signal }));
    for await (const past of together(histories)) engine.step(past.atMs, past.readings);
    isWarm = true;
  }

  function note(events: readonly AnomalyEvent[]): void {
    recent = [...[...events].reverse(), ...recent].slice(0, mostRecent);
  }

  return {
    view: () => engine.view(),
    recent: () => recent,
    save: () => {
      try {
        writeAnomalyState(file, engine);
      } catch (error) {
        log.warn('anomaly detection goes on from an earlier state after a restart', { reason: reasonOf(error) });
      }
    },
    step: async (atMs, signal) => {
      if (isWarm) beginAnewIfAhead(atMs);
      if (!isWarm) await warmUp(atMs, signal);
      const readings = await Promise.all(sources.map((deps) => readNow(deps, atMs, signal)));
      const step = engine.step(atMs, bySignal(readings.flat()));
      if (step !== undefined) note(step.events);
      if (Math.abs(atMs - savedMs) < saveEveryMs) return;
      writeAnomalyState(file, engine);
      savedMs = atMs;
    },
  };
}

/** A signal that several sources have is one. */
function bySignal(readings: readonly Readings[]): readonly Readings[] {
  const found = new Map<string, Readings>();
  for (const each of readings) {
    const before = found.get(each.signal);
    found.set(
      each.signal,
      before === undefined
        ? each
        : {
            signal: each.signal,
            members: [...before.members, ...each.members],
            values: [...Array.from(before.values), ...Array.from(each.values)],
          },
    );
  }
  return [...found.values()];
}

/** All have the same steps. */
async function* together(histories: readonly AsyncGenerator<PastStep>[]): AsyncGenerator<PastStep> {
  for (;;) {
    const next = await Promise.all(histories.map((each) => each.next()));
    const steps = next.flatMap(({ done, value }) => (done === true || value === undefined ? [] : [value as PastStep]));
    const [first] = steps;
    if (first === undefined) return;
    yield { atMs: first.atMs, readings: bySignal(steps.flatMap(({ readings }) => readings)) };
  }
}
