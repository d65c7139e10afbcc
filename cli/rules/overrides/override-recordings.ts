import { withParameters } from '../../../metrics/promql.ts';
import type { RecordingGroup } from '../../../rules/recording.ts';
import type { Overrides } from './overrides.ts';

/** The group with the thresholds of a site, which also stand in what is recorded for alerts and boards. */
export function overrideRecordings(group: RecordingGroup, { thresholds }: Overrides): RecordingGroup {
  const series = Object.entries(group.series).map(([name, recording]) => [
    name,
    { ...recording, expr: withParameters(recording.expr, thresholds as Readonly<Record<string, number>>) },
  ]);
  return { ...group, series: Object.fromEntries(series) };
}
