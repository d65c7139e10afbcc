import type { Traffic } from '../../../reading.ts';
import { type OpenGpu, stateless } from './family.ts';

export const traffic = stateless('fast', [], readTraffic);

function readTraffic(_gpu: OpenGpu): Traffic | undefined {
  return undefined;
}
