import type { SimulatedSite } from './simulated-site.ts';

/** Who looks after which tenant's workloads, and who after the machines. */
const teams = [
  { name: 'sim-platform', email: 'platform@example.com', phone: '+1-555-0100' },
  { name: 'sim-research', email: 'research@example.com', phone: '+1-555-0101' },
] as const;

const serverUnits = 8;

/** The file that an operator of the simulated site keeps by hand: places, power, switches, racks of servers, tenants and teams. */
export function siteFile(
  site: SimulatedSite,
  tenants: readonly string[],
): readonly Readonly<Record<string, unknown>>[] {
  const place = { site: site.site, room: site.room };
  return [
    { class: 'site', name: site.site },
    { class: 'room', name: site.room, site: site.site },
    ...site.feeds.map((name) => ({ class: 'power_feed', name, ...place })),
    ...teams.map((team) => ({ class: 'team', ...team })),
    ...tenants.map((name, index) => ({
      class: 'tenant',
      name,
      team: teams[1 + (index % (teams.length - 1))]?.name,
      cost_centre: `CC-${1001 + index}`,
    })),
    ...site.spines.map((name) => ({
      class: 'switch',
      name,
      role: 'spine',
      model: 'SN5600',
      vendor: 'NVIDIA',
      ...place,
      team: teams[0].name,
    })),
    ...site.racks.flatMap((rack) => [
      { class: 'rack', name: rack.name, rack_units: 48, ...place, team: teams[0].name },
      ...rack.pdus.map((name, index) => ({
        class: 'pdu',
        name,
        ...place,
        rack: rack.name,
        powered_by: [`power_feed/${site.feeds[index]}`],
      })),
      ...rack.leaves.map((name, index) => ({
        class: 'switch',
        name,
        role: 'leaf',
        model: 'SN5600',
        vendor: 'NVIDIA',
        ...place,
        rack: rack.name,
        rack_unit: 47 - index,
        pdu: rack.pdus,
        connected_to: site.spines.map((spine) => `switch/${spine}`),
      })),
      ...rack.nodes.map((name, index) => ({
        class: 'server',
        name,
        role: 'gpu',
        ...place,
        rack: rack.name,
        rack_unit: 2 + index * serverUnits,
        rack_units: serverUnits,
        pdu: rack.pdus,
        team: teams[0].name,
      })),
    ]),
  ];
}
