import type { Clock } from '../../../../kit/clock.ts';
import type { Log } from '../../../../kit/log.ts';
import { type NodeReading, tiers } from '../../reading.ts';
import { createCostLedger } from '../nvml/cost-ledger.ts';
import type { DriverState } from '../nvml/protocol.ts';
import { openSession, type Session } from '../nvml/session.ts';
import { DriverUnavailable } from '../nvml/unavailable.ts';
import type { GpuSource, NodeState } from '../source.ts';
import { createXidLedger } from '../xid-ledger.ts';
import type { Capture } from './capture.ts';
import { replayLibrary } from './replay.ts';

export interface ReplaySettings {
  readonly capture: Capture;
  /** Each reading shows the next round of the capture, and then its last one again and again. */
  readonly collectSeconds: number;
}

export interface ReplayDeps {
  readonly clock: Clock;
  readonly log: Pick<Log, 'warn'>;
}

/** Shows a capture of another machine as if its GPUs were here. Nothing can hang, so it needs no process of its own. */
export function createReplaySource({ capture, collectSeconds }: ReplaySettings, { clock, log }: ReplayDeps): GpuSource {
  const library = replayLibrary(capture);
  const ledger = createXidLedger();
  const costs = createCostLedger();
  let session: Session | undefined;
  let driver: DriverState = 'starting';
  let reading: NodeReading | undefined;
  let timer: NodeJS.Timeout | undefined;

  function collect(): void {
    try {
      session ??= open();
      show(session.collect({ tiers, skip: [] }));
      library.nextRound();
    } catch (error) {
      if (!(error instanceof DriverUnavailable)) throw error;
      showNothing(error);
    }
  }

  function show(next: NodeReading): void {
    reading = next;
    driver = 'ok';
    costs.add(next.costs);
    for (const { index, uuid } of next.gpus) if (uuid !== '') ledger.know(index, uuid);
  }

  function showNothing(error: DriverUnavailable): void {
    if (driver !== error.state) log.warn('the capture cannot be shown', { reason: error.message });
    driver = error.state;
    reading = undefined;
    session?.close();
    session = undefined;
  }

  function open(): Session {
    return openSession(
      {
        library,
        progress: { gpu: () => {}, driver: () => {}, idle: () => {} },
        now: clock.now,
        monotonic: clock.monotonic,
        report: (message) => log.warn('in the replay of a capture', { message }),
      },
      { skip: [] },
    );
  }

  function state(): NodeState {
    return {
      source: 'replay',
      driver,
      restarts: { hung: 0, crashed: 0 },
      reading,
      enumerated: session?.gpuCount(),
      silent: [],
      known: reading?.gpus ?? [],
      versions: reading?.versions ?? {},
      xids: ledger.counts(),
      migXids: ledger.migCounts(),
      // Nothing new can be heard from a capture.
      xidSources: { nvml_events: false, kernel_log: false },
      reloads: 0,
      releasedUntilSeconds: undefined,
      costs: costs.totals(),
    };
  }

  return {
    state,
    start(onChange) {
      const step = () => {
        collect();
        onChange();
      };
      step();
      timer = setInterval(step, collectSeconds * 1000);
    },
    async stop() {
      clearInterval(timer);
      session?.close();
    },
  };
}
