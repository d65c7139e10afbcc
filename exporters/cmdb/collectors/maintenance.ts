import { type CmdbCollector, itemLabels } from './cmdb-collector.ts';

export const maintenanceCollector: CmdbCollector = {
  name: 'maintenance',
  collect: ({ inventory, maintenance, shownClasses, maxSeries }, { emit }) => {
    const shown = maintenance.items.filter((item) => shownClasses.includes(item.class));
    for (const item of shown.slice(0, maxSeries)) emit('cmdb_ci_maintenance', itemLabels(inventory, item), 1);
    emit('cmdb_dropped_series', { metric: 'cmdb_ci_maintenance' }, Math.max(0, shown.length - maxSeries));
    emit('cmdb_maintenance_windows', { state: 'scheduled' }, maintenance.windows.scheduled);
    emit('cmdb_maintenance_windows', { state: 'active' }, maintenance.windows.active);
    const { isInSync } = maintenance;
    emit('cmdb_silence_sync_success', {}, isInSync === undefined ? undefined : Number(isInSync));
  },
};
