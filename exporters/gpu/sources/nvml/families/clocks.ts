import type { ClockEventReason, Clocks } from '../../../reading.ts';
import { clockEventReasonsOf } from '../clock-events.ts';
import type { Device } from '../device.ts';
import { type OpenGpu, stateless } from './family.ts';
import { ifAny } from './if-any.ts';
import { mega } from './numbers.ts';

export const clocks = stateless('fast', [], readClocks);

// nvmlClockType_t
const clock = { sm: 1, memory: 2 } as const;

function readClocks({ device }: OpenGpu): Clocks | undefined {
  return ifAny({
    smHertz: mega(device.u32('nvmlDeviceGetClockInfo', clock.sm)),
    smMaxHertz: mega(device.constant('nvmlDeviceGetMaxClockInfo', clock.sm)),
    memoryHertz: mega(device.u32('nvmlDeviceGetClockInfo', clock.memory)),
    memoryMaxHertz: mega(device.constant('nvmlDeviceGetMaxClockInfo', clock.memory)),
    activeReasons: readReasons(device),
  });
}

function readReasons(device: Device): ClockEventReason[] | undefined {
  const mask = device.first(
    () => device.u64('nvmlDeviceGetCurrentClocksEventReasons'),
    () => device.u64('nvmlDeviceGetCurrentClocksThrottleReasons'),
  );
  return mask === undefined ? undefined : clockEventReasonsOf(mask);
}
