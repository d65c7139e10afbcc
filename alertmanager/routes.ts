import { type Severity, severities, teams } from '../rules/alert.ts';
import { deliveryAlerts, heartbeatAlert } from './alert-names.ts';
import type { NotifiedSeverity } from './channels/channel.ts';
import type { Route } from './config.ts';
import { isSet, matchersOf } from './matchers.ts';
import { nobody, type ReceiverSet } from './receiver-sets.ts';
import type { Grouping, Intervals } from './timing.ts';

export interface Routing {
  readonly grouping: Required<Grouping>;
  readonly intervals: Required<Intervals>;
  /** Severities that people are told about. */
  readonly notified: readonly NotifiedSeverity[];
  readonly fallback: ReceiverSet;
  /** By team; only those with channels of their own. */
  readonly teams: ReadonlyMap<string, ReceiverSet>;
  readonly deadMan: string | undefined;
}

/** An alert takes the first route that fits and no second one, so nobody reads the same message twice. */
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
      ...teamRoutes(routing),
      ...severityRoutes(fallback, routing),
    ],
  };
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

function teamRoutes(routing: Routing): Route[] {
  return teams.flatMap((team) => {
    const receivers = routing.teams.get(team);
    if (receivers === undefined) return [];
    return [{ receiver: receivers.name, matchers: matchersOf({ team }), routes: severityRoutes(receivers, routing) }];
  });
}

function severityRoutes(receivers: ReceiverSet, { grouping, intervals, notified }: Routing): Route[] {
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
      { ...receiverFor(receivers, severity), ...digest(severity, intervals) },
      {
        ...receiverFor(receivers, severity),
        matchers: matchersOf({ severity }),
        repeat_interval: intervals.repeat_warnings,
      },
    ]);
  return [...pages, ...others, ...quieter];
}

/**
 * Money can wait for the morning: what fires is told in one message a day. A repetition that is due sooner than the next message makes each
 * message tell of all that still fires, not only of what is new.
 */
function digest(severity: NotifiedSeverity, intervals: Required<Intervals>): Omit<Route, 'receiver'> {
  return {
    matchers: matchersOf({ severity, domain: 'billing', team: 'finance' }),
    group_by: ['cluster', 'domain'],
    group_wait: '10m',
    group_interval: intervals.digest,
    repeat_interval: '1m',
  };
}

/** Nothing where the receiver of the route above is right already. */
function receiverFor({ name, bySeverity }: ReceiverSet, severity: NotifiedSeverity): Pick<Route, 'receiver'> {
  return bySeverity[severity] === name ? {} : { receiver: bySeverity[severity] };
}
