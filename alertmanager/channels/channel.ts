import type { Severity } from '../../rules/alert.ts';
import { type Fields, flag, nonEmptyListOf, oneOf, optional } from '../checks.ts';
import type { FeatureName } from '../features.ts';

/** Severities that people are told about; `none` is for the heartbeat alone. */
export const notifiedSeverities = ['critical', 'warning', 'info'] as const satisfies readonly Severity[];
export type NotifiedSeverity = (typeof notifiedSeverities)[number];

/** What a user may write for every kind of channel. */
export interface CommonSettings {
  /** Also say when it is over; true unless written. */
  readonly send_resolved?: boolean;
  /** Only these severities; all of them unless written. */
  readonly severities?: readonly NotifiedSeverity[];
}

export const commonKeys = ['send_resolved', 'severities'] as const;

/** What a channel needs to know about its surroundings to write its part of a receiver. */
export interface MessageContext {
  /** Goes in front of every template text; sets what the site knows better than the template. */
  readonly prelude: string;
}

/** One kind of channel: how its settings are read from a site, and what Alertmanager gets for them. */
export interface ChannelKind<Settings extends CommonSettings> {
  readonly configKey: `${string}_configs`;
  /** What settings need beside the oldest Alertmanager. */
  readonly features?: (settings: Settings) => readonly FeatureName[];
  readonly parse: (value: unknown, path: string) => Settings;
  readonly render: (settings: Settings, context: MessageContext) => Readonly<Record<string, unknown>>;
}

export function defineChannel<Settings extends CommonSettings>(kind: ChannelKind<Settings>): ChannelKind<Settings> {
  return Object.freeze(kind);
}

export function commonSettings(fields: Fields): CommonSettings {
  return {
    ...optional(fields, 'send_resolved', flag),
    ...optional(fields, 'severities', nonEmptyListOf(oneOf(notifiedSeverities))),
  };
}

/** A call of one of the templates in `templates/fleetlens.tmpl`. */
export function message(template: `fleetlens.${string}`, context: MessageContext): string {
  return `${context.prelude}{{ template "${template}" . }}`;
}

/** A template that gives one word for the severity that all alerts of the group share, and `other` for a mixture or a severity of somebody else. */
export function bySeverity(words: Readonly<Record<NotifiedSeverity | 'other', string>>): string {
  const cases = notifiedSeverities.map((each, index) => {
    const keyword = index === 0 ? 'if' : 'else if';
    return `{{ ${keyword} eq .CommonLabels.severity "${each}" }}${words[each]}`;
  });
  return `${cases.join('')}{{ else }}${words.other}{{ end }}`;
}
