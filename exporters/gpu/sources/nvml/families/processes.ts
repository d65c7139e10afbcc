import type { Processes } from '../../../reading.ts';
import { type OpenGpu, stateless } from './family.ts';

export const processes = stateless('processes', [], readProcesses);

function readProcesses(_gpu: OpenGpu): Processes | undefined {
  return undefined;
}
