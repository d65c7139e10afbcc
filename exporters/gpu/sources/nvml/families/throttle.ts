import type { Throttle } from '../../../reading.ts';
import { type OpenGpu, stateless } from './family.ts';

export const throttle = stateless('fast', [], readThrottle);

function readThrottle(_gpu: OpenGpu): Throttle | undefined {
  return undefined;
}
