import type { GpuReading } from '../../../../exporters/gpu/reading.ts';
import { counted } from '../../counted.ts';
import { type Finding, notApplicable, ok, warning } from '../../finding.ts';
import { byText, gpuNames } from '../../gpu-names.ts';
import { gpuCheck, indexesOf } from './gpu-check.ts';

export const mig = gpuCheck({ name: 'mig', title: 'MIG', judge: judgeMig });

export function judgeMig(gpus: readonly GpuReading[]): Finding {
  const known = gpus.filter((gpu) => gpu.mig !== undefined);
  if (known.length === 0) return notApplicable('these GPUs have none');
  const changing = known.filter(
    (gpu) => gpu.mig?.pendingEnabled !== undefined && gpu.mig.pendingEnabled !== gpu.mig.enabled,
  );
  if (changing.length > 0) {
    return warning(
      `a change of the mode waits for a reset on ${gpuNames(indexesOf(changing))}`,
      'reset these GPUs (nvidia-smi --gpu-reset -i <index>) or reboot the node',
    );
  }
  const on = known.filter((gpu) => gpu.mig?.enabled === true);
  if (on.length === 0) return ok('off');
  const empty = on.filter((gpu) => gpu.mig?.instances.length === 0);
  const found = byText(
    on.map(({ index, mig: { instances = [] } = {} }) => ({ index, text: counted(instances.length, 'instance') })),
  );
  if (empty.length === 0) return ok(`on; ${found}`);
  return warning(
    `on, but no instances are seen on ${gpuNames(indexesOf(empty))}`,
    'make some (nvidia-smi mig -cgi <profile> -C) or switch MIG off; in a container see that they are given to it',
  );
}
