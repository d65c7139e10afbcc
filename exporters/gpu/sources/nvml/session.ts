import type { NodeReading, XidEvent } from '../../reading.ts';
import { createXidEvents } from './events.ts';
import type { Library } from './library.ts';
import type { Progress } from './progress.ts';
import { initialise } from './system.ts';
import { startWalk } from './walk.ts';

export interface SessionDeps {
  readonly library: Pick<Library, 'call'>;
  readonly progress: Progress;
  /** Unix time in seconds. */
  readonly now: () => number;
  readonly report: (message: string) => void;
}

/** NVML from its initialisation to its shutdown. Its methods throw DriverUnavailable when the driver goes away. */
export interface Session {
  gpuCount(): number;
  collect(): NodeReading;
  poll(): XidEvent[];
  /** Frees what NVML holds. May be called more than once. */
  close(): void;
}

/** Initialises NVML and finds the GPUs; throws DriverUnavailable if that is not possible. */
export function openSession(deps: SessionDeps, options: { readonly skip: readonly number[] }): Session {
  const { library, progress } = deps;
  progress.driver();
  initialise(library);

  const events = createXidEvents(deps);
  let isOpen = true;

  function close(): void {
    if (!isOpen) return;
    isOpen = false;
    progress.driver();
    events.close();
    library.call('nvmlShutdown');
    progress.idle();
  }

  try {
    const walk = startWalk(deps, options);
    events.listen(walk.listed());
    return {
      gpuCount: walk.gpuCount,
      collect() {
        const reading = walk.collect();
        events.listen(walk.listed());
        return reading;
      },
      poll: events.poll,
      close,
    };
  } catch (error) {
    close();
    throw error;
  }
}
