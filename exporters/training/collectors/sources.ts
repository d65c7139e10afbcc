import type { TrainingCollector } from './training-collector.ts';

const droppedKinds = ['runs', 'files', 'scalars', 'phases', 'ranks'] as const;

/** What the exporter says about its own reading. */
export const sourcesCollector: TrainingCollector = {
  name: 'sources',
  collect: ({ runs, sources }, { emit }) => {
    emit('training_runs', {}, runs.length);
    for (const kind of droppedKinds) emit('training_dropped_total', { kind }, sources.dropped.get(kind) ?? 0);
    for (const [source, count] of sources.files) emit('training_source_files', { source }, count);
    for (const [source, count] of sources.unread) emit('training_source_unread_bytes', { source }, count);
    for (const [source, count] of sources.bytes) emit('training_source_read_bytes_total', { source }, count);
    for (const [source, count] of sources.records) emit('training_source_records_total', { source }, count);
    for (const [source, problems] of sources.problems) {
      for (const [reason, count] of problems) emit('training_source_errors_total', { source, reason }, count);
    }
    emit('training_poll_duration_seconds', {}, sources.pollSeconds);
  },
};
