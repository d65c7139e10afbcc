import type { Span } from '../../../exporters/billing/span.ts';
import { board } from '../../../exporters/gpu/sources/simulated/board.ts';
import type { Month, MonthGpu } from './month.ts';
import { intersect, lengthMs, subtract, union } from './spans.ts';

/** What a GPU draws on top of its idle power while anybody has it. */
const busyWatts = 468;

/** Energy of one GPU while its driver is loaded, which begins anew with its node or when it comes back. */
export interface GpuEnergy {
  /** Millijoules since the driver was loaded; undefined while there is none. Asked for ascending times. */
  readonly counterAt: (atMs: number) => number | undefined;
  /** Millijoules that it drew. */
  readonly drawn: (span: Span) => number;
}

export function gpuEnergy(month: Month, gpu: MonthGpu): GpuEnergy {
  const held = heldSpans(month).get(gpu.uuid) ?? [];
  const loaded = loadedSpans(month, gpu);
  let place = 0;
  let nextHeld = 0;
  let counted = { lifeMs: Number.NaN, mj: 0, untilMs: 0 };

  /** Of a stretch that comes after those asked for before. */
  function heldMs(startMs: number, endMs: number): number {
    while ((held[nextHeld]?.endMs ?? Number.POSITIVE_INFINITY) <= startMs) nextHeld++;
    let sum = 0;
    for (let index = nextHeld; (held[index]?.startMs ?? Number.POSITIVE_INFINITY) < endMs; index++) {
      const { startMs: from, endMs: to } = held[index] ?? { startMs: 0, endMs: 0 };
      sum += Math.min(endMs, to) - Math.max(startMs, from);
    }
    return sum;
  }

  return {
    counterAt: (atMs) => {
      while ((loaded[place]?.endMs ?? Number.POSITIVE_INFINITY) <= atMs) place++;
      const life = loaded[place];
      if (life === undefined || atMs < life.startMs) return undefined;
      if (counted.lifeMs !== life.startMs) counted = { lifeMs: life.startMs, mj: 0, untilMs: life.startMs };
      const more = (atMs - counted.untilMs) * board.idleWatts + heldMs(counted.untilMs, atMs) * busyWatts;
      counted = { ...counted, mj: counted.mj + more, untilMs: atMs };
      return counted.mj;
    },
    drawn: (span) => {
      const spans = intersect(loaded, [span]);
      return lengthMs(spans) * board.idleWatts + lengthMs(intersect(spans, held)) * busyWatts;
    },
  };
}

const known = new WeakMap<Month['pods'], ReadonlyMap<string, readonly Span[]>>();

/** When anybody had a GPU, by UUID; reckoned once for each month. */
function heldSpans({ pods }: Month): ReadonlyMap<string, readonly Span[]> {
  const found = known.get(pods);
  if (found !== undefined) return found;
  const byUuid = new Map<string, Span[]>();
  for (const { slots, span } of pods) {
    for (const { uuid } of slots) {
      const spans = byUuid.get(uuid) ?? [];
      byUuid.set(uuid, spans);
      spans.push(span);
    }
  }
  const joined = new Map([...byUuid].map(([uuid, spans]) => [uuid, union(spans)] as const));
  known.set(pods, joined);
  return joined;
}

/** When the driver knows it: its node is on, and it is not lost. */
function loadedSpans({ nodes }: Month, { installed, lost }: MonthGpu): readonly Span[] {
  return installed.flatMap(({ node, span }) => {
    const off = nodes.find(({ name }) => name === node)?.notReady ?? [];
    return subtract([span], [...off, ...lost]);
  });
}
