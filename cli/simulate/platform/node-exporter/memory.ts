import { machine } from '../../machine.ts';
import type { NodeWork } from '../node-work.ts';
import { type PageFamily, singleOf } from '../page.ts';

const mib = 1024 ** 2;

/** Free, cached and used add up to what there is. */
export function memoryFamilies({ memoryUsed, cachedBytes }: NodeWork, atSeconds: number): readonly PageFamily[] {
  const used = Math.round(memoryUsed.rateAt(atSeconds) / mib) * mib;
  const slab = 11_264 * mib;
  const buffers = 2_048 * mib;
  const free = machine.memoryBytes - used - cachedBytes - slab - buffers;
  const field = (name: string, bytes: number) =>
    singleOf(`node_memory_${name}_bytes`, 'gauge', bytes, `Field ${name} of /proc/meminfo.`);
  return [
    field('MemTotal', machine.memoryBytes),
    field('MemFree', free),
    field('MemAvailable', free + Math.floor((cachedBytes + buffers) * 0.96)),
    field('Buffers', buffers),
    field('Cached', cachedBytes),
    field('Slab', slab),
    field('AnonPages', used - 6_144 * mib),
    field('Dirty', 380 * mib),
    field('SwapTotal', 0),
    field('SwapFree', 0),
  ];
}
