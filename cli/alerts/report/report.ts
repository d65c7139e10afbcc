import type { MessageCount } from './messages.ts';
import type { RuleFigures } from './rule-figures.ts';
import type { DelaySuggestion } from './suggest-delay.ts';
import type { ThresholdSuggestion } from './suggest-threshold.ts';
import type { Window } from './window.ts';

/** Rules of one domain, severity or team together. */
export interface Total {
  readonly name: string;
  readonly rules: number;
  readonly firings: number;
  readonly flaps: number;
  readonly stillFiring: number;
}

/** What Alertmanager itself counted over the window, where Prometheus scrapes it. */
export interface AlertmanagerCount {
  readonly notifications: number;
  readonly failed: number;
}

export interface Report {
  readonly window: Window;
  /** Undefined where the store has no series that says when it recorded. */
  readonly gapSeconds: number | undefined;
  readonly rules: readonly RuleFigures[];
  readonly byDomain: readonly Total[];
  readonly bySeverity: readonly Total[];
  readonly byTeam: readonly Total[];
  readonly messages: MessageCount;
  /** Whose routes the messages are counted by. */
  readonly routes: 'site' | 'default';
  readonly alertmanager: AlertmanagerCount | undefined;
  /** Rules whose firings are mostly over before anybody acts. */
  readonly unactedOn: readonly RuleFigures[];
  readonly delays: readonly DelaySuggestion[];
  readonly thresholds: readonly ThresholdSuggestion[];
  /** What the figures lack, in sentences. */
  readonly remarks: readonly string[];
}

/** Fewer firings say nothing about a rule. */
const leastFirings = 5;
const mostly = 0.8;

export function unactedOn(rules: readonly RuleFigures[]): readonly RuleFigures[] {
  return rules.filter(({ resolved, short }) => resolved >= leastFirings && short >= mostly * resolved);
}

/** Sums by a label of the rules, the noisiest first. What has no such label is told as `none`. */
export function totalsBy(rules: readonly RuleFigures[], label: 'domain' | 'severity' | 'team'): readonly Total[] {
  const names = [...new Set(rules.map((rule) => rule[label]))];
  return names
    .map((name) => {
      const own = rules.filter((rule) => rule[label] === name);
      return {
        name: name === '' ? 'none' : name,
        rules: own.filter(({ series }) => series > 0).length,
        firings: own.reduce((sum, { firings }) => sum + firings, 0),
        flaps: own.reduce((sum, { flaps }) => sum + flaps, 0),
        stillFiring: own.reduce((sum, { stillFiring }) => sum + stillFiring, 0),
      };
    })
    .sort((one, other) => other.firings - one.firings || (one.name < other.name ? -1 : 1));
}
