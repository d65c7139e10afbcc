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
    const { inventory, maxSeries } = view;
    const items = shownItems(view);
    const nodes = new Set<string>();
    for (const item of items.slice(0, maxSeries)) {
      const labels = infoLabels(inventory, item);
      const key = `${labels.cluster} ${labels.node}`;
      // Two servers of a cluster may be called the same by mistake; a second series for the node would break every join.
      emit('cmdb_ci_info', item.class === 'server' && nodes.has(key) ? { ...labels, node: '' } : labels, 1);
      if (item.class === 'server') nodes.add(key);
    }
    emit('cmdb_dropped_series', { metric: 'cmdb_ci_info' }, Math.max(0, items.length - maxSeries));
  },
};

function infoLabels(inventory: Inventory, item: Item) {
  const { site, room, rack } = placeOf(inventory, item.id);
  const { tenants, team } = ownersOf(inventory, item.id);
  const [tenant, ...others] = tenants;
  const attribute = (name: string): string => textOf(item, name) ?? '';
  return {
    ...itemLabels(inventory, item),
    cluster: clusterOf(inventory, item.id) ?? '',
    uuid: attribute('uuid'),
    serial: attribute('serial'),
    model: attribute('model'),
    role: attribute('role'),
    state: item.state,
    site: nameOf(site),
    room: nameOf(room),
    rack: nameOf(rack),
    // What several tenants share belongs to none of them alone.
    tenant: others.length === 0 ? nameOf(tenant) : '',
    owner: tenants.map(({ name }) => name).join(',') || nameOf(team),
    team: nameOf(team),
  };
}

function nameOf(item: Item | undefined): string {
  return item?.name ?? '';
}
