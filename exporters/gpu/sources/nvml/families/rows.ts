import type { Rows } from '../../../reading.ts';
import { type OpenGpu, stateless } from './family.ts';

export const rows = stateless('slow', [], readRows);

function readRows(_gpu: OpenGpu): Rows | undefined {
  return undefined;
}
