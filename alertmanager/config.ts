import type { RenderedInterval } from './time-intervals.ts';

/** The part of Alertmanager's configuration that FleetLens writes, in the words of alertmanager.yml. */
export interface AlertmanagerConfig {
  readonly global?: Readonly<Record<string, unknown>>;
  readonly templates: readonly string[];
  readonly route: Route;
  readonly time_intervals?: readonly RenderedInterval[];
  readonly inhibit_rules: readonly InhibitRule[];
  readonly receivers: readonly Receiver[];
}

export interface Route {
  readonly receiver?: string;
  readonly matchers?: readonly string[];
  readonly group_by?: readonly string[];
  readonly continue?: boolean;
  readonly group_wait?: string;
  readonly group_interval?: string;
  readonly repeat_interval?: string;
  readonly active_time_intervals?: readonly string[];
  readonly mute_time_intervals?: readonly string[];
  readonly routes?: readonly Route[];
}

export interface InhibitRule {
  readonly source_matchers: readonly string[];
  readonly target_matchers: readonly string[];
  readonly equal: readonly string[];
}

/** A name and lists of settings under keys such as `slack_configs`. */
export interface Receiver {
  readonly name: string;
  readonly [configs: `${string}_configs`]: readonly Readonly<Record<string, unknown>>[];
}
