import { simulatedUuid } from '../../exporters/gpu/sources/simulated/simulated-uuid.ts';

/** The system UUID of a simulated server, as its firmware tells it to the operating system and to its management controller alike. */
export function simulatedSystemUuid({ seed, node }: { readonly seed: number; readonly node: number }): string {
  return simulatedUuid(seed, node, systemPart);
}

/** Numbers of GPUs stand in this place elsewhere; no server has so many. */
const systemPart = 10_000;
