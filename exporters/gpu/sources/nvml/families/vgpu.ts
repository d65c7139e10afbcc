import type { Vgpu } from '../../../reading.ts';
import { type OpenGpu, stateless } from './family.ts';

export const vgpu = stateless('slow', [], readVgpu);

function readVgpu(_gpu: OpenGpu): Vgpu | undefined {
  return undefined;
}
