import { families, type GpuReading } from '../../../../exporters/gpu/reading.ts';
import { type Finding, ok, warning } from '../../finding.ts';
import { byText } from '../../gpu-names.ts';
import { gpuCheck } from './gpu-check.ts';

export const readings = gpuCheck({ name: 'readings', title: 'readings', judge: judgeReadings });

export function judgeReadings(gpus: readonly GpuReading[]): Finding {
  const errors = gpus.flatMap(({ index, errors: ofGpu }) => {
    const texts = families.flatMap((family) => (ofGpu[family] === undefined ? [] : [`${family} ${ofGpu[family]}`]));
    return texts.length === 0 ? [] : [{ index, text: texts.join(', ') }];
  });
  if (errors.length > 0) {
    const isPermission = errors.some(({ text }) => text.includes('no_permission'));
    return warning(
      `some fail: ${byText(errors)}`,
      isPermission
        ? 'run the exporter as root; activity can be had by all users with NVreg_RestrictProfilingToAdminUsers=0'
        : 'look for lines with NVRM in the kernel log (dmesg); the exporter shows the rest and tries these again',
    );
  }
  const seen = families.filter((family) => gpus.some((gpu) => gpu[family] !== undefined));
  const unsupported = families.filter((family) => !seen.includes(family));
  return ok(
    `${seen.length} of ${families.length} kinds of readings${unsupported.length === 0 ? '' : `; these GPUs have no ${unsupported.join(', ')}`}`,
  );
}
