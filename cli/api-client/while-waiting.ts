import type { ProgressBar } from './progress-bar.ts';

const everyMs = 500;

/** Says again and again what is waited for, and for how long already. */
export async function whileWaiting<T>(progress: ProgressBar, what: () => string, work: () => Promise<T>): Promise<T> {
  const timer = setInterval(() => progress.wait(what()), everyMs);
  try {
    return await work();
  } finally {
    clearInterval(timer);
    progress.end();
  }
}
