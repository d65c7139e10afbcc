import { nodeOf } from '../place/node-of.ts';
import { type CmdbCollector, itemLabels } from './cmdb-collector.ts';

export const driftCollector: CmdbCollector = {
  name: 'drift',
  collect: ({ inventory, drift, maxSeries }, { emit }) => {
    for (const { item, aspect } of drift.drifts.slice(0, maxSeries)) {
      emit('cmdb_ci_drift', { ...itemLabels(inventory, item), aspect }, 1);
    }
    emit('cmdb_dropped_series', { metric: 'cmdb_ci_drift' }, Math.max(0, drift.drifts.length - maxSeries));
    const expected = new Map<string, number>();
    for (const { server, gpus } of drift.expectedGpus) {
      const node = nodeOf(inventory, server.id);
      // Two servers may be called the same in two places; who expects more is not told less.
      if (node !== undefined) expected.set(node, Math.max(gpus, expected.get(node) ?? 0));
    }
    for (const [node, gpus] of expected) emit('cmdb_node_expected_gpus', { node }, gpus);
    for (const { model, attribute, status, count } of drift.baselines) {
      emit('cmdb_baseline_items', { model, attribute, status }, count);
    }
  },
};
