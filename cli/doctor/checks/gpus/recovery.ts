import type { GpuReading, RecoveryAction } from '../../../../exporters/gpu/reading.ts';
import { type Finding, failure, notApplicable, ok, warning } from '../../finding.ts';
import { byText } from '../../gpu-names.ts';
import { gpuCheck } from './gpu-check.ts';

export const recovery = gpuCheck({ name: 'recovery_action', title: 'recovery action', judge: judgeRecovery });

/** Work that runs may end before they are taken. */
const canWait: readonly RecoveryAction[] = ['drain_p2p', 'drain_and_reset', 'unknown'];

export function judgeRecovery(gpus: readonly GpuReading[]): Finding {
  const wanted = gpus.flatMap(({ index, recovery: told }) =>
    told === undefined || told.action === 'none' ? [] : [{ index, text: told.action }],
  );
  if (wanted.length > 0) {
    const found = `the driver asks for one: ${byText(wanted)}`;
    const remedy = 'drain the node, then do what the driver asks for; nvidia-smi -q tells more';
    return wanted.every(({ text }) => canWait.includes(text)) ? warning(found, remedy) : failure(found, remedy);
  }
  if (gpus.every((gpu) => gpu.recovery === undefined)) return notApplicable('the driver does not tell');
  return ok('none');
}
