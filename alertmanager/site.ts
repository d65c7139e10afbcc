import { channelLists } from './channel-lists.ts';
import { fieldsOf, listOf, oneOf, optional, required, SiteError } from './checks.ts';
import { type Digests, parseDigests } from './digests.ts';
import { type DomainChannels, parseDomains } from './domains.ts';
import { type KubernetesSecrets, parseKubernetesSecrets } from './kubernetes/secrets.ts';
import { checkQuietHours, parseQuietHoursByTeam, type QuietHoursByTeam } from './quiet-hours.ts';
import { parseReceivers, type Receivers } from './receivers.ts';
import { parseRoutingTests, type RoutingTest } from './routing-tests.ts';
import { parseSmtp, type Smtp } from './smtp.ts';
import { parseTenants, type Tenants } from './tenants.ts';
import { parseTimeIntervals, type TimeIntervals } from './time-intervals.ts';
import { type Grouping, type Intervals, parseGrouping, parseIntervals } from './timing.ts';
import { pageUrl } from './urls.ts';

/** A critical alert cannot be muted for good, only silenced for a time in Alertmanager. */
const mutableSeverities = ['warning', 'info'] as const;
export type MutableSeverity = (typeof mutableSeverities)[number];

/** Who is told what, and how: all that a user writes for Alertmanager. The keys are those of the YAML form. */
export interface Site {
  readonly receivers: Receivers;
  /** Channels for one domain of a team, instead of those of the team. */
  readonly domains?: DomainChannels;
  /** Channels for what is a tenant's own business, instead of those of the team. */
  readonly tenants?: Tenants;
  readonly smtp?: Smtp;
  /** Where people open Alertmanager; what Alertmanager believes its address to be unless written. */
  readonly external_url?: string;
  readonly grouping?: Grouping;
  readonly intervals?: Intervals;
  readonly time_intervals?: TimeIntervals;
  readonly quiet_hours?: QuietHoursByTeam;
  /** Domains whose warnings or infos come all in one message, beside those about money. */
  readonly digests?: Digests;
  /** Severities that nobody is told about and that stay visible in Alertmanager; `[info]` unless written. */
  readonly mute?: readonly MutableSeverity[];
  /** Where the secrets are in a Kubernetes cluster, by the path that stands in this file. */
  readonly kubernetes_secrets?: KubernetesSecrets;
  /** What the site expects of its routes; none of it stands in what is generated. */
  readonly routing_tests?: readonly RoutingTest[];
}

const keys = [
  'receivers',
  'domains',
  'tenants',
  'smtp',
  'external_url',
  'grouping',
  'intervals',
  'time_intervals',
  'quiet_hours',
  'digests',
  'mute',
  'kubernetes_secrets',
  'routing_tests',
] as const;

/** Reads what a YAML or JSON file holds; a {@link SiteError} says what to change. */
export function parseSite(value: unknown): Site {
  const fields = fieldsOf(value, '', keys);
  const site: Site = {
    receivers: required(fields, 'receivers', parseReceivers),
    ...optional(fields, 'domains', parseDomains),
    ...optional(fields, 'tenants', parseTenants),
    ...optional(fields, 'smtp', parseSmtp),
    ...optional(fields, 'external_url', pageUrl),
    ...optional(fields, 'grouping', parseGrouping),
    ...optional(fields, 'intervals', parseIntervals),
    ...optional(fields, 'time_intervals', parseTimeIntervals),
    ...optional(fields, 'quiet_hours', parseQuietHoursByTeam),
    ...optional(fields, 'digests', parseDigests),
    ...optional(fields, 'mute', listOf(oneOf(mutableSeverities))),
    ...optional(fields, 'kubernetes_secrets', parseKubernetesSecrets),
    ...optional(fields, 'routing_tests', parseRoutingTests),
  };
  checkMailServer(site);
  checkIntervalNames(site);
  return site;
}

function checkMailServer(site: Site): void {
  if (site.smtp !== undefined) return;
  for (const { path, channels } of channelLists(site)) {
    const index = channels.findIndex((channel) => 'email' in channel);
    if (index < 0) continue;
    throw new SiteError(`${path}[${index}].email: needs a mail server; add smtp with smarthost and from`);
  }
}

function checkIntervalNames({ time_intervals = {}, quiet_hours = {}, tenants = {} }: Site): void {
  for (const [team, hours] of Object.entries(quiet_hours))
    checkQuietHours(hours, `quiet_hours.${team}`, time_intervals);
  for (const [name, tenant] of Object.entries(tenants)) {
    if (tenant.quiet_hours === undefined) continue;
    checkQuietHours(tenant.quiet_hours, `tenants.${name}.quiet_hours`, time_intervals);
  }
}
