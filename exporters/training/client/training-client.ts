import type { PushBody, PushNumber, PushRecord } from '../decoders/push/protocol.ts';
import type { RunPhase } from '../journal.ts';
import type { Framework } from '../schema/frameworks.ts';
import type { LoopProfiler } from './loop-profiler.ts';
import { createPushQueue } from './push-queue.ts';
import { createPushSender } from './push-sender.ts';

export interface TrainingClientSettings {
  readonly run: string;
  readonly jobId?: string | undefined;
  /** `custom` unless told otherwise; null if it is not known yet. */
  readonly framework?: Framework | null;
  readonly host?: string | undefined;
  readonly namespace?: string | undefined;
  readonly pod?: string | undefined;
  /** Of the exporter; http://127.0.0.1:9410 unless told otherwise. */
  readonly url?: string;
  /** Bearer token, or what gives it; asked for each message. */
  readonly token?: string | (() => string | undefined) | undefined;
  readonly flushSeconds?: number;
  /** How long close may take. */
  readonly closeSeconds?: number;
  /** Its phases are sent with each flush. */
  readonly profiler?: Pick<LoopProfiler, 'drain'>;
  /** Goes with the phases, where several ranks push. */
  readonly rank?: number;
  /** Trouble in words, once for each kind; a warning of the process unless told otherwise. */
  readonly onTrouble?: (text: string) => void;
  /** Unix time in seconds. */
  readonly now?: () => number;
  readonly fetch?: typeof fetch;
}

/**
 * Tells an exporter of a training run. Nothing here throws or waits for the network: what cannot be sent is kept up to a bound and sent
 * later, and then left out, the oldest first.
 */
export interface TrainingClient {
  /** Values after a step, by names of the schema or by tags of the mapping. */
  readonly log: (step: number, values: Readonly<Record<string, PushNumber | undefined>>) => void;
  readonly phase: (
    phase: string,
    seconds: number,
    details?: { readonly step?: number; readonly memoryDeltaBytes?: number },
  ) => void;
  readonly checkpoint: (step: number, outcome?: 'complete' | 'failed') => void;
  readonly enter: (phase: RunPhase) => void;
  /** The run is over: 0 for finished, anything else for failed. */
  readonly finish: (exitCode?: number) => void;
  /** One record as the protocol has it; without time it gets that of the call. */
  readonly record: (record: PushRecord) => void;
  readonly setFramework: (framework: Framework) => void;
  /** Sends what is there; resolves with false if the exporter cannot be reached. */
  readonly flush: () => Promise<boolean>;
  /** Sends what is there, if that does not take too long, and ends. */
  readonly close: () => Promise<void>;
  /** Records that were left out for want of room. */
  readonly dropped: () => number;
}

const longestDelaySeconds = 30;

export function createTrainingClient(settings: TrainingClientSettings): TrainingClient {
  const { now = () => Date.now() / 1000, flushSeconds = 1, closeSeconds = 5, profiler, token } = settings;
  let framework = settings.framework;
  let timer: NodeJS.Timeout | undefined;
  let delaySeconds = flushSeconds;
  let isClosed = false;
  const ending = new AbortController();
  const queue = createPushQueue({ head });
  const sender = createPushSender({
    url: settings.url ?? 'http://127.0.0.1:9410',
    token: typeof token === 'string' ? () => token : token,
    fetch: settings.fetch ?? fetch,
    queue,
    signal: ending.signal,
    onTrouble: settings.onTrouble ?? ((text) => process.emitWarning(text, 'FleetLensWarning')),
  });

  function head(): Omit<PushBody, 'records'> {
    const { run, jobId, host, namespace, pod } = settings;
    return {
      run,
      ...(jobId === undefined ? {} : { job_id: jobId }),
      ...(framework === undefined ? {} : { framework }),
      ...(host === undefined ? {} : { host }),
      ...(namespace === undefined ? {} : { namespace }),
      ...(pod === undefined ? {} : { pod }),
    };
  }

  function add(record: PushRecord): void {
    if (isClosed) return;
    queue.add({ ...record, time: record.time ?? now() });
  }

  function drainProfiler(): void {
    const rank = settings.rank === undefined ? {} : { rank: settings.rank };
    for (const phase of profiler?.drain() ?? []) add({ phases: [{ ...phase, ...rank }] });
  }

  function flush(): Promise<boolean> {
    drainProfiler();
    return sender.flush();
  }

  async function tick(): Promise<void> {
    const isReached = await flush();
    delaySeconds = isReached ? flushSeconds : Math.min(delaySeconds * 2, longestDelaySeconds);
    schedule();
  }

  /** A timer that does not keep the process from ending. */
  function schedule(): void {
    if (!isClosed) timer = setTimeout(() => void tick(), delaySeconds * 1000).unref();
  }

  schedule();
  return {
    log: (step, values) => add({ ...stepOf(step), values: definedOnes(values) }),
    phase: (phase, seconds, { step, memoryDeltaBytes } = {}) => {
      const rank = settings.rank === undefined ? {} : { rank: settings.rank };
      const memory = memoryDeltaBytes === undefined ? {} : { memory_delta_bytes: memoryDeltaBytes };
      add({ ...stepOf(step), phases: [{ phase, seconds, ...rank, ...memory }] });
    },
    checkpoint: (step, outcome = 'complete') => add({ ...stepOf(step), checkpoint: { outcome } }),
    enter: (phase) => add({ enter: phase }),
    finish: (exitCode = 0) => add({ enter: exitCode === 0 ? 'finished' : 'failed', exit_code: byteOf(exitCode) }),
    record: add,
    setFramework: (name) => {
      framework = name;
    },
    flush,
    close: async () => {
      const impatience = setTimeout(() => ending.abort(), closeSeconds * 1000);
      // One that is under way has taken what was there when it began.
      await flush();
      await flush();
      isClosed = true;
      clearTimeout(impatience);
      clearTimeout(timer);
    },
    dropped: queue.dropped,
  };
}

/** A step that is none, such as NaN, must not spoil the rest of the record. */
function stepOf(step: number | undefined): { readonly step?: number } {
  return step !== undefined && Number.isSafeInteger(step) && step >= 0 ? { step } : {};
}

/** What the system makes of the argument of exit. */
function byteOf(exitCode: number): number {
  return exitCode & 0xff;
}

function definedOnes(values: Readonly<Record<string, PushNumber | undefined>>): Record<string, PushNumber> {
  // Without a prototype, since a tag may be called __proto__.
  const defined: Record<string, PushNumber> = Object.create(null);
  for (const [name, value] of Object.entries(values)) if (value !== undefined) defined[name] = value;
  return defined;
}
