import type { Cost, Costs } from '../../reading.ts';
import type { Library } from './library.ts';

/** Counts driver calls and the time that they take, by what they are for. */
export interface CostMeter {
  /** The library to call through, so that calls are counted. */
  readonly library: Pick<Library, 'call'>;
  /** Charges the calls of `part` to `name`. Parts must not be nested. */
  measure<T>(name: string, part: () => T): T;
  /** What was charged since the last `take`. */
  take(): Costs;
}

export function createCostMeter(library: Pick<Library, 'call'>, monotonic: () => number): CostMeter {
  let calls = 0;
  let costs: Record<string, Cost> = {};

  function charge(name: string, more: Cost): void {
    const before = costs[name];
    costs[name] = { calls: (before?.calls ?? 0) + more.calls, seconds: (before?.seconds ?? 0) + more.seconds };
  }

  return {
    library: {
      call(symbol, ...args) {
        calls += 1;
        return library.call(symbol, ...args);
      },
    },
    measure(name, part) {
      const started = monotonic();
      const callsBefore = calls;
      try {
        return part();
      } finally {
        charge(name, { calls: calls - callsBefore, seconds: monotonic() - started });
      }
    },
    take() {
      const taken = costs;
      costs = {};
      return taken;
    },
  };
}
