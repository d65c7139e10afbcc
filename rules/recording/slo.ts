import { defineRecordings } from '../recording.ts';
import { errorRatio, events } from '../slo.ts';
import { sloSlowGroup } from './slo-slow.ts';

/** What the alerts that page read: it must be as young as the counters. */
export const sloGroup = defineRecordings(
  { group: 'slo' },
  {
    'slo:error_ratio:rate5m': errorRatio('5m', 'five minutes'),
    'slo:error_ratio:rate30m': errorRatio('30m', 'half an hour'),
    'slo:error_ratio:rate1h': errorRatio('1h', 'an hour'),
    'slo:events:increase1h': events('1h', 'an hour'),
  },
);

/** The recorded series about objectives, whichever group evaluates them. */
export const sloRecordings = { series: { ...sloGroup.series, ...sloSlowGroup.series } } as const;
