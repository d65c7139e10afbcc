import type { NodeReading, XidEvent } from '../../reading.ts';
import { createXidEvents } from './events.ts';
import type { Library } from './library.ts';
import type { Progress } from './progress.ts';
import { initialise } from './system.ts';
import { startWalk, type Walk, type Wanted } from './walk.ts';

export interface SessionDeps {
  readonly library: Pick<Library, 'call'>;
  readonly progress: Progress;
  /** Unix time in seconds. */
  readonly now: () => number;
  /** Seconds on a clock that only goes forward. */
  readonly monotonic: () => number;
  readonly report: (message: string) => void;
}

/** NVML from its initialisation to its shutdown. Its methods throw DriverUnavailable when the driver goes away. */
export interface Session {
  gpuCount(): number;
  collect(wanted: Wanted): NodeReading;
  poll(): XidEvent[];
  /** True if XID events of at least one GPU are heard. */
  hearsEvents(): boolean;
  /** Frees what NVML holds. May be called more than once. */
  close(): void;
}

/** Initialises NVML and finds the GPUs; throws DriverUnavailable if that is not possible. */
export function openSession(deps: SessionDeps, options: { readonly skip: readonly number[] }): Session {
  const { library, progress } = deps;
  progress.driver();
  initialise(library);

  const events = createXidEvents(deps);
  let walk: Walk | undefined;
  let isOpen = true;

  function close(): void {
    if (!isOpen) return;
    isOpen = false;
    progress.driver();
    walk?.close();
    events.close();
    library.call('nvmlShutdown');
    progress.idle();
  }

  try {
    const started = startWalk(deps, options);
    walk = started;
    events.listen(started.listed());
    return {
      gpuCount: started.gpuCount,
      collect(wanted) {
        const reading = started.collect(wanted);
        events.listen(started.listed());
        return reading;
      },
      poll: events.poll,
      hearsEvents: events.areHeard,
      close,
    };
  } catch (error) {
    close();
    throw error;
  }
}
