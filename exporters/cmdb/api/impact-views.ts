import type { Dependencies } from '../impact/depends.ts';
import type { Impact } from '../impact/impact.ts';
import type { Candidate, RootCauses } from '../impact/root-cause.ts';
import type { SinglePoints } from '../impact/single-points.ts';
import type { Inventory } from '../inventory/inventory.ts';
import type { Item } from '../model/item.ts';
import { clusterOf, nodeOf } from '../place/node-of.ts';
import { ownersOf } from '../place/owners-of.ts';
import { placeOf } from '../place/place-of.ts';
import { itemRef, type View } from './views.ts';

const refOf = (item: Item | undefined): View | undefined => (item === undefined ? undefined : itemRef(item));

export function impactView(impact: Impact): View {
  return {
    failed: impact.failed.map(itemRef),
    unknown: impact.unknown,
    down: impact.down,
    degraded: impact.degraded,
    classes: impact.classes,
    tenants: impact.tenants.map(({ tenant, ...counts }) => ({ tenant: refOf(tenant) ?? null, ...counts })),
    affected: impact.affected.map(({ item, state, distance, path }) => ({
      ...itemRef(item),
      impact: state,
      distance,
      path: path.map((step) => ({ ...itemRef(step.item), because: because(step.because) })),
    })),
    truncated: impact.isTruncated,
  };
}

function because(loss: Impact['affected'][number]['path'][number]['because']): View | undefined {
  if (loss === undefined) return undefined;
  return { group: loss.group, lost: loss.lost, size: loss.size, min_up: loss.minUp };
}

export function dependenciesView({ item, needs, isTruncated }: Dependencies): View {
  return {
    item: itemRef(item),
    needs: needs.map((need) => ({
      ...itemRef(need.item),
      depth: need.depth,
      groups: need.groups.map(({ name, providers, size, minUp, isRedundant }) => ({
        name,
        providers: providers.map(itemRef),
        size,
        min_up: minUp,
        redundant: isRedundant,
      })),
    })),
    truncated: isTruncated,
  };
}

export function rootCausesView({ candidates, explanation, unexplained, unknown, isIncomplete }: RootCauses): View {
  return {
    explanation: explanation.map(candidateView),
    candidates: candidates.map(candidateView),
    unexplained: unexplained.map(itemRef),
    unknown,
    incomplete: isIncomplete,
  };
}

function candidateView(candidate: Candidate): View {
  const { item, score, recall, precision, explained, leftOut, silent, silentCount, affected, distance } = candidate;
  return {
    ...itemRef(item),
    score,
    recall,
    precision,
    explained: explained.map(itemRef),
    left_out: leftOut.map(itemRef),
    silent: silent.map(itemRef),
    silent_count: silentCount,
    affected,
    distance,
  };
}

export function singlePointsView({ points, total, tried, isIncomplete }: SinglePoints): View {
  return {
    points: points.map(({ item, ...counts }) => ({ ...itemRef(item), ...counts })),
    total,
    tried,
    incomplete: isIncomplete,
  };
}

/** Where an item is and whose it is. */
export function placeView(inventory: Inventory, id: number): View {
  const { site, room, rack, chassis, server, switch: itsSwitch, unit } = placeOf(inventory, id);
  const { tenants, team, person, costCentre } = ownersOf(inventory, id);
  return {
    site: refOf(site),
    room: refOf(room),
    rack: refOf(rack),
    unit,
    chassis: refOf(chassis),
    server: refOf(server),
    switch: refOf(itsSwitch),
    node: nodeOf(inventory, id),
    cluster: clusterOf(inventory, id),
    tenants: tenants.map(itemRef),
    team: refOf(team),
    person: refOf(person),
    cost_centre: costCentre,
  };
}
