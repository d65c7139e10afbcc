import type { GpuReading } from '../../../../exporters/gpu/reading.ts';
import { type Finding, notApplicable, ok, warning } from '../../finding.ts';
import { byText, gpuNames } from '../../gpu-names.ts';
import { gpuCheck, indexesOf } from './gpu-check.ts';

export const activity = gpuCheck({ name: 'activity', title: 'activity (GPM)', judge: judgeActivity });

/**
 * Of SM, tensor cores and memory, which Hopper and newer measure. In MIG mode single instances may have it where the
 * whole has none.
 */
export function judgeActivity(gpus: readonly GpuReading[]): Finding {
  const failed = gpus.flatMap(({ index, errors }) =>
    errors.activity === undefined ? [] : [{ index, text: errors.activity }],
  );
  if (failed.length > 0) {
    return warning(
      `fails; ${byText(failed)}`,
      'another profiler such as DCGM or Nsight may hold the counters; gpu_utilization_ratio works all the same',
    );
  }
  const measured = gpus.filter(isMeasured);
  if (measured.length === 0) return notApplicable('Hopper and newer GPUs have it');
  return ok(measured.length === gpus.length ? 'measured' : `measured on ${gpuNames(indexesOf(measured))}`);
}

function isMeasured({ activity: whole, mig }: GpuReading): boolean {
  return whole !== undefined || mig?.instances.some((instance) => instance.activity !== undefined) === true;
}
