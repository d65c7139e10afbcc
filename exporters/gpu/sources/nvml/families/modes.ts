import type { Modes } from '../../../reading.ts';
import { type OpenGpu, stateless } from './family.ts';

export const modes = stateless('slow', [], readModes);

function readModes(_gpu: OpenGpu): Modes | undefined {
  return undefined;
}
