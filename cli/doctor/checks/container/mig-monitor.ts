import type { Check } from '../../check.ts';
import { type Finding, notApplicable, ok, warning } from '../../finding.ts';
import type { Machine } from '../../machine.ts';
import { answeringGpus } from '../gpus/gpu-check.ts';

export const migMonitor: Check = {
  name: 'mig_monitor',
  title: 'MIG instances',
  group: 'container',
  run: judgeMigMonitor,
};

/** A container sees the instances of others only if its runtime was told so, for which it wants CAP_SYS_ADMIN. */
export function judgeMigMonitor(machine: Pick<Machine, 'container' | 'driver' | 'env'>): Finding {
  if (machine.container === undefined) return notApplicable('not in a container');
  const on = answeringGpus(machine).filter(({ mig }) => mig?.enabled === true);
  if (on.length === 0) return notApplicable('no GPU is in MIG mode');
  const value = machine.env['NVIDIA_MIG_MONITOR_DEVICES'];
  if (on.every(({ mig }) => mig !== undefined && mig.instances.length > 0)) return ok('seen on every GPU in MIG mode');
  if (value === 'all') return ok('NVIDIA_MIG_MONITOR_DEVICES is all');
  return warning(
    `NVIDIA_MIG_MONITOR_DEVICES is ${value === undefined ? 'not set' : JSON.stringify(value)}, and not all instances are seen`,
    'set NVIDIA_MIG_MONITOR_DEVICES=all; the runtime gives it to containers with CAP_SYS_ADMIN only',
  );
}
