import type { Check } from '../../check.ts';
import { type Finding, failure, notApplicable, ok, warning } from '../../finding.ts';
import type { Machine } from '../../machine.ts';

export const nvidiaRuntime: Check = {
  name: 'nvidia_runtime',
  title: 'NVIDIA runtime',
  group: 'container',
  run: judgeRuntimeVariables,
};

/** With CDI, and where the image sets nothing, the variables are absent and all is well if the driver answers. */
export function judgeRuntimeVariables({
  container,
  driver,
  env,
}: Pick<Machine, 'container' | 'driver' | 'env'>): Finding {
  if (container === undefined) return notApplicable('not in a container');
  if (driver.kind === 'not_asked') return notApplicable(driver.reason);
  const devices = env['NVIDIA_VISIBLE_DEVICES'];
  const capabilities = env['NVIDIA_DRIVER_CAPABILITIES'];
  const found = `NVIDIA_VISIBLE_DEVICES ${shown(devices)}, NVIDIA_DRIVER_CAPABILITIES ${shown(capabilities)}`;
  const bad = driver.kind === 'answered' ? warning : failure;
  if (devices === '' || devices === 'void' || devices === 'none') {
    return bad(`${found}: no GPUs are given to it`, 'set NVIDIA_VISIBLE_DEVICES=all');
  }
  const parts = capabilities?.split(',').map((part) => part.trim());
  if (parts !== undefined && !parts.includes('utility') && !parts.includes('all')) {
    return bad(`${found}: without utility there is no NVML`, 'set NVIDIA_DRIVER_CAPABILITIES=utility');
  }
  if (driver.kind === 'unavailable' && devices === undefined) {
    return bad(
      found,
      'use the NVIDIA runtime (runtimeClassName: nvidia, docker run --runtime=nvidia) with NVIDIA_VISIBLE_DEVICES=all and NVIDIA_DRIVER_CAPABILITIES=utility',
    );
  }
  return ok(found);
}

function shown(value: string | undefined): string {
  return value === undefined ? 'is not set' : `is ${JSON.stringify(value)}`;
}
