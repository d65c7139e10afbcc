import type { RackOverview } from './answers/overview';

export interface RoomRacks {
  readonly room: string | undefined;
  readonly racks: readonly RackOverview[];
}

export interface SiteRacks {
  readonly site: string | undefined;
  readonly rooms: readonly RoomRacks[];
}

/** The racks as the inventory orders them, by site and room. */
export function racksByPlace(racks: readonly RackOverview[]): readonly SiteRacks[] {
  return groupedBy(racks, ({ site }) => site?.id).map((ofSite) => ({
    site: ofSite[0]?.site?.name,
    rooms: groupedBy(ofSite, ({ room }) => room?.id).map((ofRoom) => ({ room: ofRoom[0]?.room?.name, racks: ofRoom })),
  }));
}

function groupedBy(
  racks: readonly RackOverview[],
  keyOf: (rack: RackOverview) => number | undefined,
): readonly RackOverview[][] {
  const groups = new Map<number | undefined, RackOverview[]>();
  for (const rack of racks) groups.set(keyOf(rack), [...(groups.get(keyOf(rack)) ?? []), rack]);
  return [...groups.values()];
}
