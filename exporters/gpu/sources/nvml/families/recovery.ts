import { type Recovery, recoveryActions } from '../../../reading.ts';
import { field } from '../fields.ts';
import { type OpenGpu, stateless } from './family.ts';

// NVML_FI_DEV_GET_GPU_RECOVERY_ACTION
const action = field(230);

export const recovery = stateless('slow', [action], readRecovery);

function readRecovery({ field: read }: OpenGpu): Recovery | undefined {
  const value = read(action);
  return value === undefined ? undefined : { action: recoveryActions[value] ?? 'unknown' };
}
