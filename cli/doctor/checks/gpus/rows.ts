import type { GpuReading } from '../../../../exporters/gpu/reading.ts';
import { type Finding, failure, notApplicable, ok, warning } from '../../finding.ts';
import { gpuNames } from '../../gpu-names.ts';
import { gpuCheck, indexesOf } from './gpu-check.ts';

export const rows = gpuCheck({ name: 'memory_repair', title: 'memory repair', judge: judgeMemoryRepair });

/** Rows are remapped on Ampere and newer, pages are retired on what is older. */
export function judgeMemoryRepair(gpus: readonly GpuReading[]): Finding {
  const failed = gpus.filter((gpu) => gpu.rows?.failure === true);
  const pending = gpus.filter((gpu) => gpu.rows?.pending === true || gpu.pages?.pending === true);
  if (failed.length > 0) {
    return failure(
      `a row could not be remapped on ${gpuNames(indexesOf(failed))}`,
      'drain the node and have these GPUs replaced (NVIDIA calls for an RMA)',
    );
  }
  if (pending.length > 0) {
    return warning(
      `waits for a reset on ${gpuNames(indexesOf(pending))}`,
      'drain and reset these GPUs (nvidia-smi --gpu-reset -i <index>)',
    );
  }
  if (gpus.every((gpu) => gpu.rows === undefined && gpu.pages === undefined)) {
    return notApplicable('these GPUs have none');
  }
  return ok('nothing failed or pending');
}
