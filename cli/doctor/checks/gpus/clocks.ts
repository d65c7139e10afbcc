import type { ClockEventReason, GpuReading } from '../../../../exporters/gpu/reading.ts';
import { type Finding, notApplicable, ok, warning } from '../../finding.ts';
import { byText } from '../../gpu-names.ts';
import { gpuCheck } from './gpu-check.ts';

export const clocks = gpuCheck({ name: 'throttling', title: 'throttling', judge: judgeClocks });

/** Reasons that call for somebody; a power cap under load and idling are usual. */
const bad: readonly ClockEventReason[] = ['hw_slowdown', 'hw_thermal', 'hw_power_brake', 'sw_thermal', 'reliability'];

export function judgeClocks(gpus: readonly GpuReading[]): Finding {
  const known = gpus.filter((gpu) => gpu.clocks?.activeReasons !== undefined);
  if (known.length === 0) return notApplicable('the driver does not tell');
  const held = known.flatMap(({ index, clocks: now }) => {
    const reasons = bad.filter((reason) => now?.activeReasons?.includes(reason));
    return reasons.length === 0 ? [] : [{ index, text: reasons.join(', ') }];
  });
  if (held.length === 0) return ok('none now');
  return warning(`clocks are held down now; ${byText(held)}`, 'see to the cooling and the power supply of the node');
}
