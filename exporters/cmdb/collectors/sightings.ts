import { type CmdbCollector, itemLabels, shownItems } from './cmdb-collector.ts';

export const sightingsCollector: CmdbCollector = {
  name: 'sightings',
  collect: (view, { emit }) => {
    const { inventory } = view;
    for (const item of shownItems(view).slice(0, view.maxSeries)) {
      const lastSeen = inventory.lastSeen(item.id);
      if (lastSeen === undefined) continue;
      const labels = itemLabels(inventory, item);
      emit('cmdb_ci_last_seen_timestamp_seconds', labels, lastSeen);
      const isMissing = item.state === 'in_service' && inventory.missingSince(item.id) !== undefined;
      if (isMissing) emit('cmdb_ci_missing', labels, 1);
    }
  },
};
