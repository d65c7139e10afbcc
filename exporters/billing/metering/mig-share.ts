import { compare, exact, exactShare, nothing, one, over, plus } from '../exact.ts';
import type { ExactQuantity, Share } from '../usage.ts';

/** Into how many slices MIG cuts a GPU, and the memory of the whole one in GB where its name does not tell. */
interface Slices {
  readonly model: RegExp;
  readonly compute: number;
  readonly memory: number;
  readonly gigabytes: number;
}

/** From NVIDIA's MIG User Guide, supported MIG profiles; the first that fits. What fits none has 7 compute and 8 memory slices. */
const known: readonly Slices[] = [
  { model: /\bA30\b/, compute: 4, memory: 4, gigabytes: 24 },
  { model: /\bRTX PRO 6000\b/, compute: 4, memory: 4, gigabytes: 96 },
  { model: /\b(GH200|H20)\b/, compute: 7, memory: 8, gigabytes: 96 },
  { model: /\bH200\b/, compute: 7, memory: 8, gigabytes: 141 },
  { model: /\bH100 NVL\b/, compute: 7, memory: 8, gigabytes: 94 },
  { model: /\bH[18]00\b/, compute: 7, memory: 8, gigabytes: 80 },
  { model: /\bG?B200\b/, compute: 7, memory: 8, gigabytes: 183 },
  { model: /\bG?B300\b/, compute: 7, memory: 8, gigabytes: 275 },
];

/** No GPU has more; GH200 480GB tells the memory of its CPU. */
const mostGigabytes = 400;

export type MigShares = Readonly<Record<string, Share>>;

/**
 * The part of a GPU that an instance takes: the larger one of its parts of the compute and of the memory slices, max(g/7, m/8), the dominant share
 * of high-performance computing. `model/profile` or `profile` in the settings wins. Undefined for a profile that names no slices.
 */
export function shareOfProfile(model: string, profile: string, settings: MigShares = {}): ExactQuantity | undefined {
  const own = settings[`${model}/${profile}`] ?? settings[profile];
  if (own !== undefined) return exactShare(own);
  // 1c.3g.40gb is a compute instance in 3g.40gb; +me and .me are media engines, which have no part of their own.
  const [, g, gb] = /^(?:MIG )?(?:\d+c\.)?(\d+)g\.(\d+)gb/i.exec(profile) ?? [];
  if (g === undefined || gb === undefined || Number(g) === 0) return undefined;
  const { compute, memory, gigabytes } = slicesOf(model);
  const slices = Math.max(
    1,
    gigabytes === 0 ? usualMemorySlices(Number(g), memory) : Math.round((Number(gb) * memory) / gigabytes),
  );
  const byCompute = exact(BigInt(g), BigInt(compute));
  const byMemory = exact(BigInt(slices), BigInt(memory));
  const dominant = compare(byCompute, byMemory) > 0 ? byCompute : byMemory;
  return compare(dominant, one) > 0 ? one : dominant;
}

/** Instances that exist at once: where they are more than the GPU, each has that part of it which it has of the sum. */
export function normalised(shares: readonly ExactQuantity[]): readonly ExactQuantity[] {
  const sum = shares.reduce(plus, nothing);
  return compare(sum, one) > 0 ? shares.map((share) => over(share, sum)) : shares;
}

function slicesOf(model: string): Pick<Slices, 'compute' | 'memory' | 'gigabytes'> {
  const { compute, memory, gigabytes } = known.find((slices) => slices.model.test(model)) ?? {
    compute: 7,
    memory: 8,
    gigabytes: 0,
  };
  const named = Number(/\b(\d+)\s?GB?\b/i.exec(model)?.[1] ?? 0);
  return { compute, memory, gigabytes: named > 0 && named < mostGigabytes ? named : gigabytes };
}

/** Where the memory of the GPU is not known: what most profiles with so many compute slices have. */
function usualMemorySlices(compute: number, all: number): number {
  if (all === 4) return compute;
  return compute >= 7 ? all : compute >= 3 ? 4 : compute;
}
