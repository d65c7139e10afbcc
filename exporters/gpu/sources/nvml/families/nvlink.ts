import type { NvLink } from '../../../reading.ts';
import { type OpenGpu, stateless } from './family.ts';

export const nvlink = stateless('slow', [], readNvLink);

function readNvLink(_gpu: OpenGpu): NvLink | undefined {
  return undefined;
}
