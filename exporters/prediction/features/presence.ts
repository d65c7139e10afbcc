import { firstAtOrAfter } from '../ascending.ts';
import type { SignalSpec } from './feature-spec.ts';
import type { EntitySamples, SignalSamples } from './fleet-samples.ts';
import { windowMs } from './windows.ts';

/** After so long without any sample of its own an entity has no rows: it is not there, or not any more. */
const presenceMs = windowMs['7d'];

/** Of each moment, whether the entity was there. Scrapes of its exporter do not count, for they go on without it. */
export function presenceOf(
  { signals }: EntitySamples,
  specs: readonly SignalSpec[],
  moments: Float64Array,
): Uint8Array {
  const newest = new Float64Array(moments.length).fill(Number.NEGATIVE_INFINITY);
  for (const { name, of } of specs) {
    if (of === 'scrape') continue;
    for (const series of signals.get(name) ?? []) noteNewest(series, moments, newest);
  }
  const present = new Uint8Array(moments.length);
  let last = Number.NEGATIVE_INFINITY;
  for (let at = 0; at < moments.length; at += 1) {
    last = Math.max(last, newest[at] as number);
    present[at] = (moments[at] as number) - last < presenceMs ? 1 : 0;
  }
  return present;
}

/** Of each moment the newest sample since the moment before. */
function noteNewest({ timesMs, values }: SignalSamples, moments: Float64Array, newest: Float64Array): void {
  let at = 0;
  for (let sample = 0; sample < timesMs.length; sample += 1) {
    const time = timesMs[sample] as number;
    if (!Number.isFinite(values[sample]) || !Number.isFinite(time)) continue;
    const isBetween =
      (at === 0 || (moments[at - 1] as number) < time) && at < moments.length && time <= (moments[at] as number);
    if (!isBetween) at = firstAtOrAfter(moments, time);
    if (at < moments.length && time > (newest[at] as number)) newest[at] = time;
  }
}
