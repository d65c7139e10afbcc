import type { Recovery } from '../../../reading.ts';
import { type OpenGpu, stateless } from './family.ts';

export const recovery = stateless('slow', [], readRecovery);

function readRecovery(_gpu: OpenGpu): Recovery | undefined {
  return undefined;
}
