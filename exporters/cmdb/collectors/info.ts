import type { Inventory } from '../inventory/inventory.ts';
import type { Item } from '../model/item.ts';
import { clusterOf } from '../place/node-of.ts';
import { ownersOf } from '../place/owners-of.ts';
import { placeOf } from '../place/place-of.ts';
import { textOf } from '../place/related.ts';
import { type CmdbCollector, itemLabels, shownItems } from './cmdb-collector.ts';

/** Facts of items, for joins and for the annotations of alerts. One series for each item, so a join finds one or none. */
export const infoCollector: CmdbCollector = {
  name: 'info',
  collect: (view, { emit }) => {
    const { inventory } = view;
    const { items, dropped } = shownItems(view);
    const nodes = new Set<string>();
    for (const item of items) {
      const labels = infoLabels(inventory, item);
      // Two servers may be called the same in two places; a second series for the node would break every join.
      if (item.class === 'server' && nodes.has(labels.node)) labels.node = '';
      else if (item.class === 'server') nodes.add(labels.node);
      emit('cmdb_ci_info', labels, 1);
    }
    emit('cmdb_dropped_series', { metric: 'cmdb_ci_info' }, dropped);
  },
};

function infoLabels(inventory: Inventory, item: Item) {
  const { site, room, rack } = placeOf(inventory, item.id);
  const { tenants, team } = ownersOf(inventory, item.id);
  const [tenant] = tenants;
  return {
    ...itemLabels(inventory, item),
    cluster: clusterOf(inventory, item.id) ?? '',
    uuid: textOf(item, 'uuid') ?? '',
    serial: textOf(item, 'serial') ?? '',
    model: textOf(item, 'model') ?? '',
    role: textOf(item, 'role') ?? '',
    state: item.state,
    site: site?.name ?? '',
    room: room?.name ?? '',
    rack: rack?.name ?? '',
    // What several tenants share belongs to none of them alone.
    tenant: tenants.length === 1 ? (tenant?.name ?? '') : '',
    owner: tenants.map(({ name }) => name).join(',') || (team?.name ?? ''),
    team: team?.name ?? '',
  };
}
