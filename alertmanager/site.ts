import { fieldsOf, listOf, oneOf, optional, required, SiteError } from './checks.ts';
import { parseReceivers, type Receivers, receiverKeys } from './receivers.ts';
import { parseSmtp, type Smtp } from './smtp.ts';
import { type Grouping, type Intervals, parseGrouping, parseIntervals } from './timing.ts';
import { pageUrl } from './urls.ts';

/** A critical alert cannot be muted for good, only silenced for a time in Alertmanager. */
const mutableSeverities = ['warning', 'info'] as const;
export type MutableSeverity = (typeof mutableSeverities)[number];

/** Who is told what, and how: all that a user writes for Alertmanager. The keys are those of the YAML form. */
export interface Site {
  readonly receivers: Receivers;
  readonly smtp?: Smtp;
  /** Where people open Alertmanager; what Alertmanager believes its address to be unless written. */
  readonly external_url?: string;
  readonly grouping?: Grouping;
  readonly intervals?: Intervals;
  /** Severities that nobody is told about and that stay visible in Alertmanager; `[info]` unless written. */
  readonly mute?: readonly MutableSeverity[];
}

/** Reads what a YAML or JSON file holds; a {@link SiteError} says what to change. */
export function parseSite(value: unknown): Site {
  const fields = fieldsOf(value, '', ['receivers', 'smtp', 'external_url', 'grouping', 'intervals', 'mute']);
  const site: Site = {
    receivers: required(fields, 'receivers', parseReceivers),
    ...optional(fields, 'smtp', parseSmtp),
    ...optional(fields, 'external_url', pageUrl),
    ...optional(fields, 'grouping', parseGrouping),
    ...optional(fields, 'intervals', parseIntervals),
    ...optional(fields, 'mute', listOf(oneOf(mutableSeverities))),
  };
  checkMailServer(site);
  return site;
}

function checkMailServer(site: Site): void {
  if (site.smtp !== undefined) return;
  for (const key of receiverKeys) {
    const index = (site.receivers[key] ?? []).findIndex((channel) => 'email' in channel);
    if (index < 0) continue;
    throw new SiteError(`receivers.${key}[${index}].email: needs a mail server; add smtp with smarthost and from`);
  }
}
