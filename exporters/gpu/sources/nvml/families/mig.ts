import type { Mig } from '../../../reading.ts';
import { type OpenGpu, stateless } from './family.ts';

export const mig = stateless('fast', [], readMig);

function readMig(_gpu: OpenGpu): Mig | undefined {
  return undefined;
}
