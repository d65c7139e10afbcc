import type { Month, MonthKey } from './month.ts';
import { monthHardware } from './month-hardware.ts';
import { monthPods } from './month-pods.ts';
import { slotsOf } from './month-slots.ts';

/** What happened in the simulated cluster: a model of its own past, which ends as the simulated fleet is. */
export function simulatedMonth(key: MonthKey): Month {
  const hardware = monthHardware(key);
  const pods = monthPods({ key, nodes: hardware.nodes, slots: slotsOf(hardware) });
  return { key, ...hardware, pods };
}
