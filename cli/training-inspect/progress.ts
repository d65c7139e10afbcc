import type { Clock } from '../../kit/clock.ts';
import { formatBytes } from './text/units.ts';

/** Says on the terminal how far it is, once that takes long. */
export interface ProgressLine {
  /** What is done from now on, and how much there is to read. */
  readonly begin: (what: string, totalBytes: number) => void;
  readonly read: (bytes: number) => void;
  readonly end: () => void;
}

interface Deps {
  readonly clock: Clock;
  readonly write: (text: string) => void;
  /** Nothing is written where nobody looks. */
  readonly isTerminal: boolean;
}

const patienceSeconds = 1;
const apartSeconds = 0.25;
/** Back to the beginning of the line, which is cleared. */
const clear = '\r\x1b[K';

export function createProgressLine({ clock, write, isTerminal }: Deps): ProgressLine {
  const startedAt = clock.monotonic();
  let what = '';
  let total = 0;
  let done = 0;
  let shownAt: number | undefined;

  function show(): void {
    const now = clock.monotonic();
    if (!isTerminal || now - startedAt < patienceSeconds || now - (shownAt ?? 0) < apartSeconds) return;
    shownAt = now;
    const size = total === 0 ? '' : `: ${formatBytes(done)} of ${formatBytes(total)}`;
    write(`${clear}${what}${size}`);
  }

  return {
    begin: (next, totalBytes) => {
      what = next;
      total = totalBytes;
      done = 0;
      show();
    },
    read: (bytes) => {
      done += bytes;
      show();
    },
    end: () => {
      if (shownAt !== undefined) write(clear);
    },
  };
}
