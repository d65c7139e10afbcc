import { defineRecordings } from '../recording.ts';
import { errorRatio, events } from '../slo.ts';

/** Windows that read hours and days of every tenant's counters, and whose ratios are no worse for being two minutes old. */
export const sloSlowGroup = defineRecordings(
  { group: 'slo-slow', interval: '2m' },
  {
    'slo:error_ratio:rate2h': errorRatio('2h', 'two hours'),
    'slo:error_ratio:rate6h': errorRatio('6h', 'six hours'),
    'slo:error_ratio:rate1d': errorRatio('1d', 'a day'),
    'slo:error_ratio:rate3d': errorRatio('3d', 'three days'),
    'slo:events:increase6h': events('6h', 'six hours'),
    'slo:events:increase1d': events('1d', 'a day'),
    'slo:events:increase3d': events('3d', 'three days'),
  },
);
