import { getHeapStatistics } from 'node:v8';
import { type PushPhase, pushLimits } from '../decoders/push/protocol.ts';
import { createDurationSummary, type DurationSummary } from './duration-summary.ts';
import { type PhaseReport, phaseTable } from './phase-report.ts';

export interface LoopProfilerSettings {
  /** Seconds from an arbitrary start that never go back. */
  readonly now?: () => number;
  /**
   * Bytes in use; false does not look. Unless told otherwise the heap of this process and its buffers, which makes a measurement take about
   * 450 ns of a core instead of 150.
   */
  readonly memory?: (() => number) | false;
}

/**
 * Measures the named phases of a loop. `data_loading`, `model_forward`, `backward_pass` and the like are understood by the exporter as the
 * phases that all frameworks have. Phases may overlap and be nested; then the change of memory of one has that of the others in it.
 */
export interface LoopProfiler {
  /** Runs the function and measures it, also if it fails; one that gives a promise until that is settled. */
  readonly phase: <T>(name: string, work: () => T) => T;
  /** Begins to measure and returns what ends it; only the first end counts. */
  readonly start: (name: string) => () => void;
  /** The function, measured each time that it is called. */
  readonly wrap: <A extends readonly unknown[], T>(name: string, work: (...args: A) => T) => (...args: A) => T;
  readonly report: () => readonly PhaseReport[];
  /** The report as text for people. */
  readonly table: () => string;
  /** What was measured since the last time, for a push. No more than 1000 durations of a phase are kept for it. */
  readonly drain: () => readonly PushPhase[];
}

interface Phase {
  readonly durations: DurationSummary;
  memoryTotal: number;
  memoryMax: number;
  memoryLast: number;
  pending: number[];
}

/** Further names are measured together, so that a name made anew in each step does not fill the memory. */
const mostPhases = 64;
const others = 'other';

export function createLoopProfiler(settings: LoopProfilerSettings = {}): LoopProfiler {
  const { now = () => performance.now() / 1000, memory = usedMemory } = settings;
  const phases = new Map<string, Phase>();

  function phaseNamed(name: string): Phase {
    const known = phases.get(name);
    if (known !== undefined) return known;
    if (phases.size >= mostPhases && name !== others) return phaseNamed(others);
    const fresh = {
      durations: createDurationSummary(),
      memoryTotal: 0,
      memoryMax: Number.NEGATIVE_INFINITY,
      memoryLast: 0,
      pending: [],
    };
    phases.set(name, fresh);
    return fresh;
  }

  function start(name: string): () => void {
    const bytesBefore = memory === false ? 0 : memory();
    const startedAt = now();
    let isOver = false;
    return () => {
      if (isOver) return;
      isOver = true;
      const seconds = Math.max(0, now() - startedAt);
      const bytes = memory === false ? 0 : memory() - bytesBefore;
      add(phaseNamed(name), seconds, bytes);
    };
  }

  function phase<T>(name: string, work: () => T): T {
    const stop = start(name);
    let result: T;
    try {
      result = work();
    } catch (error) {
      stop();
      throw error;
    }
    if (!isThenable(result)) {
      stop();
      return result;
    }
    // Both ways are handled here, so what the caller does with its promise stays its own.
    result.then(stop, stop);
    return result;
  }

  function report(): readonly PhaseReport[] {
    return [...phases].map(([name, { durations, memoryTotal, memoryMax }]) => ({
      phase: name,
      count: durations.count(),
      totalSeconds: durations.total(),
      meanSeconds: durations.total() / durations.count(),
      minSeconds: durations.min(),
      maxSeconds: durations.max(),
      p50Seconds: durations.quantile(0.5),
      p95Seconds: durations.quantile(0.95),
      p99Seconds: durations.quantile(0.99),
      meanMemoryDeltaBytes: memory === false ? undefined : memoryTotal / durations.count(),
      maxMemoryDeltaBytes: memory === false ? undefined : memoryMax,
    }));
  }

  function drain(): readonly PushPhase[] {
    const pushed: PushPhase[] = [];
    for (const [name, measured] of phases) {
      if (measured.pending.length === 0) continue;
      const delta = memory === false ? {} : { memory_delta_bytes: measured.memoryLast };
      pushed.push({ phase: name, seconds: measured.pending, ...delta });
      measured.pending = [];
    }
    return pushed;
  }

  return {
    phase,
    start,
    wrap:
      (name, work) =>
      (...args) =>
        phase(name, () => work(...args)),
    report,
    table: () => phaseTable(report()),
    drain,
  };
}

/** process.memoryUsage would ask the system for more, and take ten times as long. */
function usedMemory(): number {
  const { used_heap_size: heap, external_memory: buffers } = getHeapStatistics();
  return heap + buffers;
}

function add(phase: Phase, seconds: number, bytes: number): void {
  phase.durations.add(seconds);
  phase.memoryTotal += bytes;
  phase.memoryLast = bytes;
  if (bytes > phase.memoryMax) phase.memoryMax = bytes;
  if (phase.pending.length < pushLimits.values) phase.pending.push(seconds);
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}
