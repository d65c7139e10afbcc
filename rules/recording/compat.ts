import { gpu } from '../../metrics/gpu.ts';
import { targetLabels } from '../../metrics/labels.ts';
import { promql } from '../../metrics/promql.ts';
import { defineRecordings } from '../recording.ts';

/**
 * Old names for people whose boards and rules use them; off unless asked for. A name that is still emitted needs no
 * rule here. Every rule keeps all labels of its series, because the old boards name them in legends.
 */
export const compatRecordings = defineRecordings(
  { group: 'compat', optional: true },
  {
    gpu_utilization_percent: {
      help: 'Old name of gpu_utilization_ratio, times 100.',
      unit: 'percent',
      labels: ['gpu_id', 'uuid', ...targetLabels],
      expr: promql`${gpu.gpu_utilization_ratio} * 100`,
    },
  },
);
