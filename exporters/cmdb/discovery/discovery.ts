import type { Clock } from '../../../kit/clock.ts';
import { withDeadline } from '../../../kit/deadline.ts';
import { reasonOf, SourceError } from '../../../kit/errors.ts';
import type { Log } from '../../../kit/log.ts';
import { type Timer, timer } from '../../../kit/timer.ts';
import type { ConfiguredSource } from '../cmdb-file/sources-section.ts';
import type { AttributeCheck } from '../inventory/sanitize.ts';
import type { Observation, Source } from '../observation.ts';
import type { SourceDeps } from '../sources/source-type.ts';
import type { CmdbStore, LookResult } from '../store/cmdb-store.ts';
import type { Tx } from '../store/tables.ts';

export interface LookRequest {
  readonly isDryRun?: boolean | undefined;
  /** Takes over a look however many items it would take for missing. */
  readonly allowMissing?: boolean | undefined;
  readonly actor?: string | undefined;
}

/** Looks at sources when it is time, on the replica that leads, or when somebody asks. */
export interface Discovery {
  readonly sources: () => readonly SourceState[];
  /** The sources themselves, for what some of them can do beside being looked at. */
  readonly opened: () => readonly Source[];
  /** Undefined for a source that is not configured. Rejects with a SourceError if it cannot be looked at. */
  readonly look: (name: string, request: LookRequest) => Promise<LookResult> | undefined;
  readonly start: () => void;
  /** Ends looks that are under way, and opens the sources anew. */
  readonly replace: (sources: readonly ConfiguredSource[], check: AttributeCheck) => Promise<void>;
  readonly stop: () => Promise<void>;
}

export interface SourceState {
  readonly name: string;
  readonly type: string;
  readonly everySeconds: number;
  /** Done and total of the look that is under way; undefined between looks. */
  readonly progress: readonly [done: number, total: number] | undefined;
}

export interface DiscoveryDeps extends SourceDeps {
  readonly store: Pick<CmdbStore, 'look' | 'lookFailed' | 'looks'>;
  /** Whether this replica does the jobs. */
  readonly isLeader: () => boolean;
  /** Makes the writing of a look that was due fail if another replica does the jobs by then. */
  readonly fence: (tx: Tx) => Promise<void>;
  readonly clock: Clock;
  readonly log: Log;
  /** At least 0 and below 1. */
  readonly random: () => number;
}

interface Ask extends LookRequest {
  /** It was time, rather than that somebody asked. */
  readonly isDue?: boolean | undefined;
}

/** Longer than a slow fleet of BMCs takes; a look that hangs must not be the last. */
const lookDeadlineSeconds = 1800;

export function createDiscovery(
  configured: readonly ConfiguredSource[],
  check: AttributeCheck,
  deps: DiscoveryDeps,
): Discovery {
  let running: readonly Watched[] = [];
  let isStarted = false;

  function open(sources: readonly ConfiguredSource[], attributeCheck: AttributeCheck): void {
    running = sources.map((source) => watch(source, attributeCheck, deps));
    if (isStarted) for (const each of running) each.start();
  }

  async function close(): Promise<void> {
    await Promise.all(running.map((each) => each.stop()));
  }

  open(configured, check);
  return {
    sources: () => running.map((each) => each.state()),
    opened: () => running.map((each) => each.source),
    look: (name, request) => running.find((each) => each.state().name === name)?.look(request),
    start: () => {
      isStarted = true;
      for (const each of running) each.start();
    },
    replace: async (sources, attributeCheck) => {
      await close();
      open(sources, attributeCheck);
    },
    stop: close,
  };
}

interface Watched {
  readonly source: Source;
  readonly state: () => SourceState;
  readonly look: (request: LookRequest) => Promise<LookResult>;
  readonly start: () => void;
  readonly stop: () => Promise<void>;
}

function watch(configured: ConfiguredSource, check: AttributeCheck, deps: DiscoveryDeps): Watched {
  const { name, type, everySeconds } = configured;
  const { store, clock, log, isLeader, fence, random } = deps;
  const source = configured.create(deps);
  const next: Timer = timer();
  const ending = new AbortController();
  let progress: SourceState['progress'];
  let turn: Promise<unknown> = Promise.resolve();
  let lastReason: string | undefined;

  /** One look at a time, whoever asks. */
  function look(request: Ask): Promise<LookResult> {
    const mine = turn.then(() => lookOnce(request));
    turn = mine.catch(() => undefined);
    return mine;
  }

  async function lookOnce({ isDryRun, allowMissing, actor, isDue }: Ask): Promise<LookResult> {
    const startedAt = clock.now();
    let observation: Observation;
    try {
      progress = [0, 0];
      observation = await beforeDeadline();
    } catch (error) {
      const reason = reasonOf(error);
      if (isDryRun !== true && !ending.signal.aborted)
        await store.lookFailed({ source: name, type, startedAt, reason });
      throw error;
    } finally {
      progress = undefined;
    }
    return store.look({
      source: name,
      type,
      observation,
      startedAt,
      mayCreate: configured.mayCreate,
      maxMissingRatio: allowMissing === true ? Number.POSITIVE_INFINITY : configured.maxMissingRatio,
      check,
      isDryRun,
      actor,
      guard: isDue === true ? fence : undefined,
    });
  }

  async function beforeDeadline(): Promise<Observation> {
    const late = new SourceError(`no answer within ${lookDeadlineSeconds} s`);
    const onProgress = (done: number, total: number): void => {
      progress = [done, total];
    };
    return withDeadline({ ms: lookDeadlineSeconds * 1000, late, outer: ending.signal }, (signal) =>
      source.observe({ signal, onProgress }),
    );
  }

  async function lookWhenDue(): Promise<void> {
    if (isLeader()) await scheduledLook();
    if (!ending.signal.aborted) next.set(isLeader() ? everySeconds : Math.min(everySeconds, leaderCheckSeconds), due);
  }

  const due = (): void => void lookWhenDue();

  async function scheduledLook(): Promise<void> {
    try {
      const { counts, refusal, plan } = await look({ isDue: true });
      report(refusal);
      if (counts.created + counts.updated + counts.missing + counts.returned > 0) {
        log.info('a source was taken over', { source: name, ...counts, findings: plan.findings.length });
      }
    } catch (error) {
      if (!ending.signal.aborted) report(reasonOf(error));
    }
  }

  /** Once for each change of what is wrong, not once for each look. */
  function report(reason: string | undefined): void {
    if (reason === lastReason) return;
    lastReason = reason;
    if (reason === undefined) log.info('a source can be taken over again', { source: name });
    else log.warn('a source was not taken over', { source: name, reason });
  }

  return {
    source,
    state: () => ({ name, type, everySeconds, progress }),
    look,
    start: () => {
      // Spread out, so that not all sources are asked at once.
      if (everySeconds > 0) next.set(random() * Math.min(everySeconds, longestFirstWaitSeconds), due);
    },
    stop: async () => {
      next.clear();
      ending.abort();
      await turn;
      await source.stop?.();
    },
  };
}

const leaderCheckSeconds = 5;
const longestFirstWaitSeconds = 5;
