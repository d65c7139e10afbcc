import type { CmdbCollector } from './cmdb-collector.ts';

export const sourcesCollector: CmdbCollector = {
  name: 'sources',
  collect: ({ sources }, { emit }) => {
    for (const { name: source, type, everySeconds, last } of sources) {
      emit('cmdb_source_interval_seconds', { source }, everySeconds);
      if (last === undefined) continue;
      const { totals } = last;
      emit('cmdb_source_up', { source, source_type: type }, last.outcome === 'taken_over' ? 1 : 0);
      emit('cmdb_source_last_success_timestamp_seconds', { source }, last.succeededAt);
      emit('cmdb_source_duration_seconds', { source }, last.durationSeconds);
      emit('cmdb_source_items', { source }, last.items);
      emit('cmdb_source_problems', { source }, last.problems.length);
      emit('cmdb_source_refused', { source }, last.outcome === 'refused' ? 1 : 0);
      emit('cmdb_source_changes_total', { source, change: 'created' }, totals.created);
      emit('cmdb_source_changes_total', { source, change: 'updated' }, totals.updated);
      emit('cmdb_source_changes_total', { source, change: 'missing' }, totals.missing);
      emit('cmdb_source_changes_total', { source, change: 'returned' }, totals.returned);
    }
  },
};
