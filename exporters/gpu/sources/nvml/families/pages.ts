import type { Pages } from '../../../reading.ts';
import { type OpenGpu, stateless } from './family.ts';

export const pages = stateless('slow', [], readPages);

function readPages(_gpu: OpenGpu): Pages | undefined {
  return undefined;
}
