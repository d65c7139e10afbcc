import { type Throttle, throttleReasons } from '../../../reading.ts';
import { field } from '../fields.ts';
import { type OpenGpu, stateless } from './family.ts';
import { ifAny } from './if-any.ts';
import { nano } from './numbers.ts';

// NVML_FI_DEV_PERF_POLICY_POWER; those of the other reasons follow in the order of throttleReasons.
const firstPolicy = 74;
const counters = throttleReasons.map((reason, position) => [reason, field(firstPolicy + position)] as const);

export const throttle = stateless(
  'fast',
  counters.map(([, counter]) => counter),
  readThrottle,
);

/** nvml.h gives the times in nanoseconds. Not verified on hardware: nvidia-smi prints the same numbers as microseconds. */
function readThrottle({ field: read }: OpenGpu): Throttle | undefined {
  const seconds: Throttle = Object.fromEntries(counters.map(([reason, counter]) => [reason, nano(read(counter))]));
  return ifAny(seconds);
}
