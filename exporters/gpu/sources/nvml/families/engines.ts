import type { Engines } from '../../../reading.ts';
import { type OpenGpu, stateless } from './family.ts';

export const engines = stateless('fast', [], readEngines);

function readEngines(_gpu: OpenGpu): Engines | undefined {
  return undefined;
}
