import type { Waits } from './firing.ts';

const most = 16;
const minute = 60;

/**
 * When to read an expression so that it shows whether its alert fires at `at`: back to where `for` and `keep_firing_for` begin, and
 * at the beginning of `for` itself. All in seconds.
 */
export function timesOf(at: number, { wait, keep }: Waits): readonly number[] {
  const reach = wait + keep;
  const longest = Math.max(minute, reach / most);
  const step = wait === 0 ? longest : wait / Math.ceil(wait / longest);
  const times = Array.from({ length: Math.ceil(reach / step) + 1 }, (_, back) => at - back * step);
  return times.filter((time) => time >= 0).reverse();
}
