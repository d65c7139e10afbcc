/** A source whose sensors and logs are read between its looks. */
interface Watchable {
  /** Returns what ends it. */
  readonly startWatching: () => () => void;
}

/** Has the hardware watched by the replica that leads, and by no other. */
export interface HardwareWatch {
  /** Watches until the signal. */
  readonly lead: (leading: AbortSignal) => void;
  /** Watches other sources from now on, if any are watched. */
  readonly renew: () => void;
}

export function createHardwareWatch(sources: () => readonly Watchable[]): HardwareWatch {
  let stops: readonly (() => void)[] = [];
  let isLeading = false;

  function end(): void {
    for (const stop of stops) stop();
    stops = [];
  }

  function begin(): void {
    end();
    stops = sources().map((source) => source.startWatching());
  }

  return {
    lead: (leading) => {
      isLeading = true;
      begin();
      leading.addEventListener('abort', () => {
        isLeading = false;
        end();
      });
    },
    renew: () => {
      if (isLeading) begin();
    },
  };
}
