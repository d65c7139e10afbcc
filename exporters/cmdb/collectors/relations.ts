import { type CmdbCollector, shownItems } from './cmdb-collector.ts';

export const relationsCollector: CmdbCollector = {
  name: 'relations',
  collect: (view, { emit }) => {
    const { inventory, maxSeries } = view;
    const shown = new Map(shownItems(view).map((item) => [item.id, item]));
    let count = 0;
    for (const { type, from, to } of inventory.relations()) {
      const item = shown.get(from);
      const related = shown.get(to);
      if (item === undefined || related === undefined) continue;
      count += 1;
      if (count > maxSeries) continue;
      emit(
        'cmdb_relation_info',
        {
          relation: type,
          ci: String(from),
          class: item.class,
          name: item.name,
          related_ci: String(to),
          related_class: related.class,
          related_name: related.name,
        },
        1,
      );
    }
    emit('cmdb_dropped_series', { metric: 'cmdb_relation_info' }, Math.max(0, count - maxSeries));
  },
};
