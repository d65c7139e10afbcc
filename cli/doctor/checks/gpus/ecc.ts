import type { GpuReading } from '../../../../exporters/gpu/reading.ts';
import { type Finding, notApplicable, ok, warning } from '../../finding.ts';
import { gpuNames } from '../../gpu-names.ts';
import { gpuCheck, indexesOf } from './gpu-check.ts';

export const ecc = gpuCheck({ name: 'ecc', title: 'ECC', judge: judgeEcc });

export function judgeEcc(gpus: readonly GpuReading[]): Finding {
  const known = gpus.filter(({ modes }) => modes?.ecc !== undefined);
  const off = known.filter(({ modes }) => modes?.ecc === false);
  const changing = known.filter(({ modes }) => modes?.eccPending !== undefined && modes.eccPending !== modes.ecc);
  if (known.length === 0) return notApplicable('these GPUs have none');
  if (changing.length > 0) {
    return warning(
      `a change waits for a reset on ${gpuNames(indexesOf(changing))}`,
      'reset these GPUs (nvidia-smi --gpu-reset -i <index>) or reboot the node',
    );
  }
  if (off.length === 0) return ok('on');
  return warning(
    `off on ${gpuNames(indexesOf(off))}, so memory errors are not seen`,
    'switch it on (nvidia-smi -e 1) and reset the GPUs',
  );
}
