import type { Mounted, Rack } from '../answers/rack';

export interface RackBox {
  readonly item: Mounted;
  /** From the top of the picture, in units. */
  readonly top: number;
  readonly units: number;
  /** Where several items take the same units they stand side by side. */
  readonly lane: number;
  readonly lanes: number;
}

export interface RackLayout {
  readonly units: number;
  /** True where nobody said how high the rack is. */
  readonly isGuess: boolean;
  /** From the top down, as people look at a rack. */
  readonly boxes: readonly RackBox[];
  readonly freeUnits: number;
}

const usualUnits = 42;

export function layoutRack({ units, mounted }: Rack): RackLayout {
  const top = mounted.reduce((most, each) => Math.max(most, lastUnit(each)), 0);
  const height = Math.max(units ?? usualUnits, top);
  const boxes = clustersOf(mounted).flatMap((cluster) => lanesOf(cluster, height));
  const taken = new Set(mounted.flatMap((each) => Array.from({ length: each.units }, (_, index) => each.unit + index)));
  return {
    units: height,
    isGuess: units === undefined,
    boxes: boxes.sort((a, b) => a.top - b.top || a.lane - b.lane),
    freeUnits: height - taken.size,
  };
}

function lastUnit({ unit, units }: Mounted): number {
  return unit + units - 1;
}

/** Items that touch the same units, directly or through others. */
function clustersOf(mounted: readonly Mounted[]): ReadonlyArray<readonly Mounted[]> {
  const clusters: Mounted[][] = [];
  let reach = 0;
  for (const each of [...mounted].sort((a, b) => a.unit - b.unit || a.id - b.id)) {
    const last = clusters.at(-1);
    if (last !== undefined && each.unit <= reach) last.push(each);
    else clusters.push([each]);
    reach = Math.max(reach, lastUnit(each));
  }
  return clusters;
}

function lanesOf(cluster: readonly Mounted[], height: number): readonly RackBox[] {
  const ends: number[] = [];
  const lanes = cluster.map((each) => {
    const free = ends.findIndex((end) => end < each.unit);
    const lane = free < 0 ? ends.length : free;
    ends[lane] = lastUnit(each);
    return lane;
  });
  return cluster.map((item, index) => ({
    item,
    top: height - lastUnit(item),
    units: item.units,
    lane: lanes[index] ?? 0,
    lanes: ends.length,
  }));
}
