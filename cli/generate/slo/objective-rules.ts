import type { Metric } from '../../../metrics/define.ts';
import type { AlertTheme } from '../../../rules/alert.ts';
import type { RecordingGroup } from '../../../rules/recording.ts';
import { sloAlerts } from '../../../rules/slo/alerts.ts';
import type { Slo } from '../../../rules/slo/objective.ts';
import { sloRecordings } from '../../../rules/slo/recordings.ts';
import { everySeries } from '../../rules/every-series.ts';
import { applyOverrides } from '../../rules/overrides/apply-overrides.ts';
import { overrideRecordings } from '../../rules/overrides/override-recordings.ts';
import type { Overrides } from '../../rules/overrides/overrides.ts';

/** What is made of one objective of a user. */
export interface ObjectiveRules {
  readonly recordings: RecordingGroup;
  /** One, or none where the site has switched off all of its alerts. */
  readonly themes: readonly AlertTheme[];
  /** Every series by name, with the labels that this objective gives what it records. */
  readonly series: ReadonlyMap<string, Metric>;
}

/** The rules of an objective as a site wants them. Throws ConfigError for what cannot be. */
export function objectiveRules(slo: Slo, overrides: Overrides): ObjectiveRules {
  const recordings = overrideRecordings(sloRecordings(slo), overrides);
  const series = new Map([...everySeries, ...Object.entries(recordings.series)]);
  return { recordings, themes: applyOverrides([sloAlerts(slo)], overrides, series), series };
}
