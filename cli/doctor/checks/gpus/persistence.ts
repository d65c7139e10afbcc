import type { GpuReading } from '../../../../exporters/gpu/reading.ts';
import { type Finding, notApplicable, ok, warning } from '../../finding.ts';
import { gpuNames } from '../../gpu-names.ts';
import { gpuCheck, indexesOf } from './gpu-check.ts';

export const persistence = gpuCheck({ name: 'persistence_mode', title: 'persistence mode', judge: judgePersistence });

export function judgePersistence(gpus: readonly GpuReading[]): Finding {
  const known = gpus.filter(({ modes }) => modes?.persistence !== undefined);
  const off = known.filter(({ modes }) => modes?.persistence === false);
  if (known.length === 0) return notApplicable('the driver does not tell');
  if (off.length === 0) return ok('on');
  return warning(
    `off on ${gpuNames(indexesOf(off))}, so the first call takes seconds and a GPU forgets its settings when nobody uses it`,
    'start nvidia-persistenced, or nvidia-smi -pm 1',
  );
}
