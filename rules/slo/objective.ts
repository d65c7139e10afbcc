import type { Duration, Parameter } from '../../metrics/promql.ts';
import type { Domain, ProfileName, Team } from '../alert.ts';
import type { Indicator } from './indicator.ts';

export type Window = Duration['duration'];

/** A service level objective: what share of events, or of time, has to be good over a period. */
export interface Slo {
  /** Lower case words with hyphens; the label `slo` of its series and the beginning of the names of its alerts. */
  readonly name: string;
  /** After "The error budget of", such as `the GPUs of a cluster`. */
  readonly title: string;
  /** After "12 % of", such as `the GPU time is lost`: subject and verb, without place and time. */
  readonly missed: readonly [subject: string, verb: string];
  /** Above 0 and below 1. */
  readonly objective: Parameter | number;
  /** Days over which the objective holds; longer than the longest window of the alerts, which is three days. */
  readonly periodDays: number;
  /** Labels that tell one instance from another; `cluster` goes first. */
  readonly by: readonly string[];
  readonly indicator: Indicator;
  /** Fewer events, or fewer bad ones, in the long window of an alert wake nobody. */
  readonly minimum: { readonly events: Parameter | number; readonly bad: Parameter | number };
  /** False has also the fast alerts looked at in working hours. */
  readonly pages: boolean;
  /** Series that were never there are missed too. Ours are not: not every cluster has everything. */
  readonly expected: boolean;
  /** Loaded only when this profile is asked for; without one, always. */
  readonly profile?: ProfileName;
  readonly domain: Domain;
  readonly team: Team;
  /** Where the people who get an alert look first, and what helps; one sentence each. */
  readonly firstLook: readonly string[];
  readonly remedy: readonly string[];
}

export function objectiveOf({ objective }: Slo): number {
  return typeof objective === 'number' ? objective : objective.value;
}

/** `gpu-availability` is GpuAvailability in the names of its alerts. */
export function alertName({ name }: Slo, suffix: string): Capitalize<string> {
  const words = name.split('-').map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  return `${words.join('')}${suffix}` as Capitalize<string>;
}
