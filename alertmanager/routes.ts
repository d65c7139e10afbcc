import { type Domain, type Severity, severities, type Team, teams } from '../rules/alert.ts';
import { deliveryAlerts, heartbeatAlert } from './alert-names.ts';
import type { NotifiedSeverity } from './channels/channel.ts';
import type { Route } from './config.ts';
import type { Digests } from './digests.ts';
import { isSet, matchersOf } from './matchers.ts';
import { intervalsOf, type QuietHours, type QuietHoursByTeam } from './quiet-hours.ts';
import { nobody, type ReceiverSet } from './receiver-sets.ts';
import { spendAlerts } from './tenants.ts';
import type { Grouping, Intervals } from './timing.ts';

/** A tenant with receivers of its own. */
export interface TenantRouting {
  readonly name: string;
  readonly receivers: ReceiverSet;
  readonly teamToo: boolean;
  readonly hours: QuietHours | undefined;
}

export interface Routing {
  readonly grouping: Required<Grouping>;
  readonly intervals: Required<Intervals>;
  /** Severities that people are told about. */
  readonly notified: readonly NotifiedSeverity[];
  readonly fallback: ReceiverSet;
  /** By team; only those with channels of their own. */
  readonly teams: ReadonlyMap<Team, ReceiverSet>;
  /** By team; only those domains with channels of their own. */
  readonly domains: ReadonlyMap<Team, ReadonlyMap<Domain, ReceiverSet>>;
  readonly tenants: readonly TenantRouting[];
  readonly digests: Digests;
  readonly quietHours: QuietHoursByTeam;
  readonly deadMan: string | undefined;
}

/** An alert takes the first route that fits and no second one, so nobody reads the same message twice unless the site says so. */
export function rootRoute(routing: Routing): Route {
  const { grouping, intervals, fallback } = routing;
  const told: ReadonlySet<Severity> = new Set(routing.notified);
  return {
    receiver: fallback.name,
    group_by: [...grouping.default],
    group_wait: intervals.group_wait,
    group_interval: intervals.group_interval,
    repeat_interval: intervals.repeat,
    routes: [
      heartbeatRoute(routing),
      { receiver: nobody, matchers: matchersOf({ severity: severities.filter((level) => !told.has(level)) }) },
      ...secondWayRoutes(routing),
      ...tenantRoutes(routing),
      ...teamRoutes(routing),
      ...severityRoutes(fallback, routing, routing.quietHours.default),
      ...afterTenants(routing),
    ],
  };
}

/** Alertmanager turns to the root only where nothing below it fits, and a tenant that shares with the team did. */
function afterTenants({ tenants, fallback }: Routing): Route[] {
  return tenants.some(({ teamToo }) => teamToo) ? [{ receiver: fallback.name }] : [];
}

/**
 * Alertmanager looks once in each group_interval whether repeat_interval has passed since the last message was through,
 * so one that is as long as it comes half as often. With 4m and 1m a heartbeat comes at least every 5 minutes.
 */
function heartbeatRoute({ deadMan, intervals }: Routing): Route {
  return {
    receiver: deadMan ?? nobody,
    matchers: matchersOf({ alertname: heartbeatAlert }),
    group_by: ['cluster'],
    group_wait: '0s',
    group_interval: '1m',
    repeat_interval: intervals.heartbeat,
  };
}

/** The exception to one message each: what reports on a broken way goes to the fallback and on to its team. */
function secondWayRoutes({ fallback, teams: own }: Routing): Route[] {
  if (own.size === 0) return [];
  const matchers = [...matchersOf({ alertname: deliveryAlerts, team: [...own.keys()] })];
  return [{ receiver: fallback.bySeverity.critical, matchers, continue: true }];
}

/** What a tenant runs, and what it spends. Faults of machines and of the metering stay with those who mend them. */
function tenantRoutes(routing: Routing): Route[] {
  return routing.tenants.flatMap(({ name, receivers, teamToo, hours }) =>
    [{ team: 'workload' }, { team: 'finance', alertname: spendAlerts }].map((own) => ({
      receiver: receivers.name,
      matchers: matchersOf({ tenant: name, ...own }),
      ...(teamToo ? { continue: true } : {}),
      routes: severityRoutes(receivers, routing, hours),
    })),
  );
}

function teamRoutes(routing: Routing): Route[] {
  return teams.flatMap((team) => {
    const own = routing.teams.get(team);
    const hours = routing.quietHours[team] ?? routing.quietHours.default;
    const byDomain = domainRoutes(team, hours, routing);
    if (own === undefined && byDomain.length === 0 && routing.quietHours[team] === undefined) return [];
    const receivers = own ?? routing.fallback;
    return [
      {
        receiver: receivers.name,
        matchers: matchersOf({ team }),
        routes: [...byDomain, ...severityRoutes(receivers, routing, hours)],
      },
    ];
  });
}

function domainRoutes(team: Team, hours: QuietHours | undefined, routing: Routing): Route[] {
  return [...(routing.domains.get(team) ?? [])].map(([domain, receivers]) => ({
    receiver: receivers.name,
    matchers: matchersOf({ domain }),
    routes: severityRoutes(receivers, routing, hours),
  }));
}

/** Quiet hours are for warnings and infos that come one by one; a critical alert is told whenever it fires. */
function severityRoutes(receivers: ReceiverSet, routing: Routing, hours: QuietHours | undefined): Route[] {
  const { grouping, intervals, notified } = routing;
  const critical = receiverFor(receivers, 'critical');
  const pages: readonly Route[] = [
    {
      ...critical,
      matchers: [...matchersOf({ severity: 'critical', domain: ['gpu', 'cmdb', 'prediction'] }), isSet('node')],
      group_by: [...grouping.gpu_pages],
    },
    {
      ...critical,
      matchers: [...matchersOf({ severity: 'critical', domain: 'inference' }), isSet('model_name')],
      group_by: [...grouping.model_pages],
    },
  ];
  const others =
    critical.receiver === undefined ? [] : [{ ...critical, matchers: matchersOf({ severity: 'critical' }) }];
  const quieter = notified
    .filter((severity) => severity !== 'critical')
    .flatMap((severity) => [
      ...digestRoutes(severity, routing).map((digest) => ({ ...receiverFor(receivers, severity), ...digest })),
      {
        ...receiverFor(receivers, severity),
        matchers: matchersOf({ severity }),
        repeat_interval: intervals.repeat_warnings,
        ...intervalsOf(hours),
      },
    ]);
  return [...pages, ...others, ...quieter];
}

/** Money can wait for the morning, and so can what the site says. */
function digestRoutes(severity: NotifiedSeverity, { intervals, digests }: Routing): readonly Omit<Route, 'receiver'>[] {
  const written = Object.entries(digests)
    .filter(([, { severities: told = ['warning', 'info'] }]) => told.some((each) => each === severity))
    .map(([domain, { every }]) => digest({ severity, domain }, every));
  return [...written, digest({ severity, domain: 'billing', team: 'finance' }, intervals.digest)];
}

/**
 * What fires is told in one message each time. A repetition that is due sooner than the next message makes each message tell of all that still
 * fires, not only of what is new. Quiet hours do not hold for it: a message that is due in them would not come later but never.
 */
function digest(selector: Readonly<Record<string, string>>, every: string): Omit<Route, 'receiver'> {
  return {
    matchers: matchersOf(selector),
    group_by: ['cluster', 'domain'],
    group_wait: '10m',
    group_interval: every,
    repeat_interval: '1m',
  };
}

/** Nothing where the receiver of the route above is right already. */
function receiverFor({ name, bySeverity }: ReceiverSet, severity: NotifiedSeverity): Pick<Route, 'receiver'> {
  return bySeverity[severity] === name ? {} : { receiver: bySeverity[severity] };
}
