import { noise } from '../../../../exporters/gpu/sources/simulated/random.ts';
import { nodeHost } from '../../../../metrics/vendors/node-exporter.ts';
import type { NodeWork } from '../node-work.ts';
import { familyOf, type PageFamily, singleOf } from '../page.ts';

/** Time, clock, processes, pressure, what the kernel killed, and errors of main memory. */
export function kernelFamilies(work: NodeWork, atSeconds: number): readonly PageFamily[] {
  const { bootSeconds, busyCpus, key } = work;
  const since = (flow: NodeWork['busyCpus'], factor: number): number =>
    Math.floor(flow.totalAt(atSeconds, bootSeconds) * factor);
  return [
    singleOf('node_boot_time_seconds', 'gauge', bootSeconds),
    singleOf('node_time_seconds', 'gauge', atSeconds, 'System time, in Unix time.'),
    ...clockFamilies(work, atSeconds),
    singleOf('node_procs_running', 'gauge', Math.max(1, Math.round(busyCpus.rateAt(atSeconds))), 'Processes that run.'),
    singleOf('node_procs_blocked', 'gauge', noise(key.seed, key.node, Math.floor(atSeconds / 20), 81) < 0.1 ? 1 : 0),
    singleOf('node_context_switches_total', 'counter', since(busyCpus, 6_200), 'Context switches.'),
    singleOf('node_intr_total', 'counter', since(busyCpus, 4_100), 'Interrupts.'),
    singleOf('node_forks_total', 'counter', since(busyCpus, 3), 'Processes that were started.'),
    singleOf('node_filefd_allocated', 'gauge', 14_000 + 40 * Math.round(busyCpus.rateAt(atSeconds)), 'Open files.'),
    singleOf('node_filefd_maximum', 'gauge', 9_223_372_036_854_776_000, 'Files that may be open.'),
    singleOf('node_vmstat_oom_kill', 'untyped', 0),
    ...pressureFamilies(work, atSeconds),
    ...memoryErrorFamilies(work),
  ];
}

function clockFamilies({ key: { seed, node } }: NodeWork, atSeconds: number): readonly PageFamily[] {
  const offset = 60e-6 * (noise(seed, node, Math.floor(atSeconds / 64), 82) - 0.5);
  return [
    singleOf('node_timex_offset_seconds', 'gauge', Math.round(offset * 1e9) / 1e9),
    singleOf('node_timex_sync_status', 'gauge', 1),
    singleOf('node_timex_estimated_error_seconds', 'gauge', 25e-6, 'Error that the clock is believed to have.'),
    singleOf('node_timex_maxerror_seconds', 'gauge', 0.0125, 'Largest error that the clock may have.'),
  ];
}

/** Of each second, in which somebody waited: a little more on machines that do more. */
function pressureFamilies({ busyCpus, disks, cpus, bootSeconds }: NodeWork, atSeconds: number): readonly PageFamily[] {
  const busy = busyCpus.totalAt(atSeconds, bootSeconds) / cpus;
  const read = disks.reduce((sum, disk) => sum + disk.in.totalAt(atSeconds, bootSeconds), 0) / 1e9;
  const waited = { cpu_waiting: busy * 0.022, io_waiting: read * 0.011, io_stalled: read * 0.006 };
  const none = { memory_waiting: 0, memory_stalled: 0 };
  return Object.entries({ ...waited, ...none }).map(([what, seconds]) =>
    singleOf(`node_pressure_${what}_seconds_total`, 'counter', Math.floor(seconds * 1e6) / 1e6),
  );
}

function memoryErrorFamilies({ key: { seed, node } }: NodeWork): readonly PageFamily[] {
  const controllers = ['0', '1', '2', '3'] as const;
  const corrected = (controller: string): number => (noise(seed, node, Number(controller), 83) < 0.15 ? 1 : 0);
  return [
    familyOf(
      nodeHost.node_edac_correctable_errors_total.name,
      'counter',
      controllers.map((controller) => [{ controller }, corrected(controller)]),
    ),
    familyOf(
      nodeHost.node_edac_uncorrectable_errors_total.name,
      'counter',
      controllers.map((controller) => [{ controller }, 0]),
    ),
  ];
}
