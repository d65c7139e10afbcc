import type { AnsweredExam } from '../../../cli/doctor/driver-exam.ts';
import type { Machine } from '../../../cli/doctor/machine.ts';
import { doctorOptions } from '../../../cli/doctor/options.ts';
import type { GpuReading } from '../../../exporters/gpu/reading.ts';
import { parseOptions } from '../../../kit/options/parse.ts';

/** A healthy GPU with what the checks look at, and what a test wants to be different. */
export function gpu(index: number, differences: Partial<GpuReading> = {}): GpuReading {
  return {
    index,
    uuid: `GPU-${index}`,
    identity: { model: 'NVIDIA H100 80GB HBM3', minor: index },
    errors: {},
    clocks: { activeReasons: ['sw_power_cap'] },
    activity: { smRatio: 0 },
    mig: { enabled: false, pendingEnabled: false, instances: [] },
    rows: { pending: false, failure: false },
    recovery: { action: 'none' },
    modes: { persistence: true, ecc: true, eccPending: true },
    ...differences,
  };
}

/** A driver that answered. */
export function exam(gpus: readonly GpuReading[], differences: Partial<AnsweredExam> = {}): AnsweredExam {
  return {
    kind: 'answered',
    library: '/usr/lib/libnvidia-ml.so.580.65.06',
    gpuCount: gpus.length,
    reading: {
      takenAtSeconds: 1,
      tiers: ['fast', 'slow', 'processes'],
      costs: {},
      versions: { driver: '580.65.06', cuda: '13.0', nvml: '13.580.65.06' },
      gpus,
    },
    hearsEvents: true,
    faults: [],
    complaints: [],
    ...differences,
  };
}

/** A machine with a healthy GPU, with options as on the command line. */
export function machine(differences: Partial<Machine> = {}, argv: readonly string[] = []): Machine {
  return {
    options: parseOptions(doctorOptions, { argv, env: {}, readFile: () => '' }),
    env: {},
    readFile: () => '',
    runtime: { node: '20.20.2', platform: 'linux', glibc: '2.36' },
    container: undefined,
    driver: exam([gpu(0)]),
    dev: '/nowhere',
    ownStatusFile: '/proc/self/status',
    userId: 0,
    patienceSeconds: 1,
    ...differences,
  };
}
