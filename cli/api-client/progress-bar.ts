import type { Clock } from '../../kit/clock.ts';
import { formatSeconds } from '../training-inspect/text/units.ts';

/** Says on the terminal how far long work is, and how long it will take. */
export interface ProgressBar {
  readonly show: (done: number, total: number, what: string) => void;
  readonly end: () => void;
}

interface Deps {
  readonly clock: Clock;
  readonly write: (text: string) => void;
  /** Nothing is written where nobody looks. */
  readonly isTerminal: boolean;
  readonly isUnicode: boolean;
}

const cells = 24;
/** Back to the beginning of the line, which is cleared. */
const clear = '\r\x1b[K';

export function createProgressBar({ clock, write, isTerminal, isUnicode }: Deps): ProgressBar {
  let first: { readonly at: number; readonly done: number } | undefined;
  let wasShown = false;
  return {
    show: (done, total, what) => {
      const now = clock.monotonic();
      first ??= { at: now, done };
      if (!isTerminal) return;
      wasShown = true;
      const left = timeLeft({ done, total, grown: done - first.done, seconds: now - first.at });
      write(`${clear}${bar(done, total, isUnicode)} ${percent(done, total)} ${counts(done, total)} ${what}${left}`);
    },
    end: () => {
      if (wasShown) write(clear);
      wasShown = false;
    },
  };
}

function bar(done: number, total: number, isUnicode: boolean): string {
  const full = total === 0 ? cells : Math.min(cells, Math.floor((cells * done) / total));
  const [on, off] = isUnicode ? ['█', '░'] : ['#', '-'];
  return `[${on.repeat(full)}${off.repeat(cells - full)}]`;
}

/** Cut, not rounded: 100 % is done. */
function percent(done: number, total: number): string {
  return `${total === 0 ? 100 : Math.floor((100 * done) / total)} %`.padStart(5);
}

function counts(done: number, total: number): string {
  return `${done.toLocaleString('en')} of ${total.toLocaleString('en')}`;
}

function timeLeft({
  done,
  total,
  grown,
  seconds,
}: {
  readonly done: number;
  readonly total: number;
  readonly grown: number;
  readonly seconds: number;
}): string {
  if (grown <= 0 || seconds <= 0 || done >= total) return '';
  return `, ${formatSeconds(Math.ceil(((total - done) * seconds) / grown))} left`;
}
