import { formatValue } from '../../../../kit/exposition/format-value.ts';
import { nodeExporter } from '../../../../metrics/external.ts';
import { meanRate } from '../flow.ts';
import type { NodeWork } from '../node-work.ts';
import { type PageFamily, singleOf } from '../page.ts';

const { name, help } = nodeExporter.node_cpu_seconds_total;

/** Of the time in which a CPU is not idle; the rest is user. Waiting for disks counts as idle time to the kernel, and stands beside it. */
const modes: Readonly<Record<string, number>> = {
  iowait: 0.021,
  irq: 0,
  nice: 0.004,
  softirq: 0.018,
  steal: 0,
  system: 0.19,
};
const userShare = 1 - Object.values(modes).reduce((sum, share) => sum + share, 0);

export function cpuFamilies({ cpus, busyCpus, bootSeconds }: NodeWork, atSeconds: number): readonly PageFamily[] {
  const upSeconds = atSeconds - bootSeconds;
  const busySeconds = busyCpus.totalAt(atSeconds, bootSeconds);
  let lines = '';
  for (let cpu = 0; cpu < cpus; cpu++) {
    // Two neighbours together always have the mean.
    const weight = 1 + (cpu % 2 === 0 ? 1 : -1) * (cpu + 1 < cpus || cpus % 2 === 0 ? 0.3 : 0);
    lines += linesOfCpu(cpu, upSeconds, Math.min(upSeconds, (busySeconds / cpus) * weight));
  }
  return [
    { name, type: 'counter', help, lines },
    singleOf('node_load1', 'gauge', hundredths(meanRate(busyCpus, atSeconds, 60)), 'Load average over one minute.'),
    singleOf('node_load5', 'gauge', hundredths(meanRate(busyCpus, atSeconds, 300)), 'Load average over five minutes.'),
    singleOf('node_load15', 'gauge', hundredths(meanRate(busyCpus, atSeconds, 900))),
  ];
}

function linesOfCpu(cpu: number, upSeconds: number, busySeconds: number): string {
  let lines = lineOf(cpu, 'idle', upSeconds - busySeconds);
  for (const [mode, share] of Object.entries(modes)) lines += lineOf(cpu, mode, busySeconds * share);
  return lines + lineOf(cpu, 'user', busySeconds * userShare);
}

function lineOf(cpu: number, mode: string, seconds: number): string {
  return `${name}{cpu="${cpu}",mode="${mode}"} ${formatValue(hundredths(seconds))}\n`;
}

/** The kernel counts in hundredths of a second. */
function hundredths(value: number): number {
  return Math.floor(value * 100) / 100;
}
