import type { GpuReading } from '../../../../exporters/gpu/reading.ts';
import type { Check } from '../../check.ts';
import { silenceOf } from '../../driver-exam.ts';
import { type Finding, notApplicable } from '../../finding.ts';
import type { Machine } from '../../machine.ts';

interface GpuCheck extends Pick<Check, 'name' | 'title'> {
  /** Looks at the GPUs that answered; there is at least one. */
  readonly judge: (gpus: readonly GpuReading[], machine: Machine) => Finding;
}

/** A check of what the driver said about its GPUs; it does not apply where the driver said nothing. */
export function gpuCheck({ name, title, judge }: GpuCheck): Check {
  return {
    name,
    title,
    group: 'gpus',
    run: (machine) => {
      const gpus = answeringGpus(machine);
      return gpus.length === 0 ? notApplicable(silenceOf(machine.driver)) : judge(gpus, machine);
    },
  };
}

export function answeringGpus({ driver }: Pick<Machine, 'driver'>): readonly GpuReading[] {
  return driver.kind === 'answered' ? driver.reading.gpus.filter(({ failure }) => failure === undefined) : [];
}

export function indexesOf(gpus: readonly GpuReading[]): readonly number[] {
  return gpus.map(({ index }) => index);
}
