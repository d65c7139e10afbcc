import type { Duration } from '../../../metrics/promql.ts';
import type { Action, Severity, Team } from '../../../rules/alert.ts';
import type { ThresholdName } from '../../../rules/thresholds.ts';

/** The values of a label that are meant: these, or all that the regular expression matches as a whole. */
export type LabelValues = readonly string[] | { readonly regex: string };
export type LabelMatch = Readonly<Record<string, LabelValues>>;

/** What a site changes of an alert, or of every alert of a theme. */
export interface AlertChange {
  readonly disabled?: boolean;
  readonly severity?: Severity;
  readonly for?: Duration['duration'];
  readonly keepFiringFor?: Duration['duration'];
  readonly team?: Team;
  readonly action?: Action;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  /** It fires only where each of these labels has one of these values. */
  readonly only?: LabelMatch;
  /** It does not fire where one of these labels has one of these values. */
  readonly except?: LabelMatch;
}

/** What a site has otherwise than we ship it. */
export interface Overrides {
  /** Where it is written, for messages. */
  readonly file: string;
  readonly thresholds: Readonly<Partial<Record<ThresholdName, number>>>;
  readonly themes: ReadonlyMap<string, AlertChange>;
  readonly alerts: ReadonlyMap<string, AlertChange>;
}

export const noOverrides: Overrides = { file: '', thresholds: {}, themes: new Map(), alerts: new Map() };
