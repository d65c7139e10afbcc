import type { Clock } from '../../kit/clock.ts';
import { formatSeconds } from '../training-inspect/text/units.ts';

/** Says how far long work is, and how long it will take: a bar on a terminal, now and then a line elsewhere. */
export interface ProgressBar {
  readonly show: (done: number, total: number, what: string) => void;
  /** For work of which nobody knows how far it is. */
  readonly wait: (what: string) => void;
  readonly end: () => void;
}

interface Deps {
  readonly clock: Clock;
  readonly write: (text: string) => void;
  readonly isTerminal: boolean;
  readonly isUnicode: boolean;
  /** Between two lines of a log; 10 unless given. What is done sooner needs no line. */
  readonly secondsPerLine?: number;
}

const cells = 24;
/** Back to the beginning of the line, which is cleared. */
const clear = '\r\x1b[K';

export function createProgressBar({ clock, write, isTerminal, isUnicode, secondsPerLine = 10 }: Deps): ProgressBar {
  let first: { readonly at: number; readonly done: number } | undefined;
  let toldAt = clock.monotonic();
  let wasShown = false;

  function tell(onTerminal: string, inLog: string): void {
    if (isTerminal) {
      wasShown = true;
      write(`${clear}${onTerminal}`);
      return;
    }
    if (clock.monotonic() - toldAt < secondsPerLine) return;
    toldAt = clock.monotonic();
    write(`${inLog}\n`);
  }

  return {
    show: (done, total, what) => {
      const now = clock.monotonic();
      first ??= { at: now, done };
      const left = timeLeft({ done, total, grown: done - first.done, seconds: now - first.at });
      const text = `${percent(done, total)} ${counts(done, total)} ${what}${left}`;
      tell(`${bar(done, total, isUnicode)} ${text}`, text.trimStart());
    },
    wait: (what) => {
      first ??= { at: clock.monotonic(), done: 0 };
      const text = `${what}, ${formatSeconds(Math.floor(clock.monotonic() - first.at))}`;
      tell(text, text);
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
