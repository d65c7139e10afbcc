import type { Activity } from '../../../reading.ts';
import { type OpenGpu, stateless } from './family.ts';

export const activity = stateless('fast', [], readActivity);

function readActivity(_gpu: OpenGpu): Activity | undefined {
  return undefined;
}
