import { chartUrl } from './chart-url.ts';
import { composeMessage } from './compose-message.ts';
import type { RobotConfig } from './config/robot-config.ts';
import type { AlertView, Mention, Message } from './message.ts';
import type { Notification } from './notification.ts';

export interface MessageDeps {
  readonly teams: ReadonlyMap<string, readonly Mention[]>;
  /** As of a composition. */
  readonly acknowledgeUrl: (firing: readonly Notification[]) => string | undefined;
  readonly nowMs: number;
}

/** Alerts with a chart; more pictures than that nobody looks at. */
const mostCharts = 20;

/** What a robot is to tell of these notifications, by its settings. */
export function robotMessage(
  notifications: readonly Notification[],
  robot: RobotConfig,
  { teams, acknowledgeUrl, nowMs }: MessageDeps,
): Message {
  const message = composeMessage(notifications, {
    language: robot.language,
    mentions: (firing) => mentionsFor(firing, robot, teams),
    acknowledgeUrl,
  });
  const shown = message.alerts.slice(0, robot.maxAlerts);
  const { chartTemplate } = robot;
  if (chartTemplate === undefined) return { ...message, alerts: shown };
  const withChart = (alert: AlertView): AlertView => ({ ...alert, chartUrl: chartUrl(chartTemplate, alert, nowMs) });
  return { ...message, alerts: shown.map((alert, index) => (index < mostCharts ? withChart(alert) : alert)) };
}

/** The notification as far as the robot is to tell it; undefined if none of it. */
export function filtered(notification: Notification, robot: RobotConfig): Notification | undefined {
  const alerts = notification.alerts.filter(
    ({ status, severity }) =>
      (robot.sendResolved || status === 'firing') &&
      (robot.severities === undefined || robot.severities.includes(severity)),
  );
  return alerts.length === 0 ? undefined : { ...notification, alerts };
}

function mentionsFor(
  firing: readonly AlertView[],
  { mentions, mentionSeverities }: RobotConfig,
  teams: MessageDeps['teams'],
): readonly Mention[] {
  const calling = firing.filter(({ severity }) => mentionSeverities.includes(severity));
  if (calling.length === 0) return [];
  const names = new Set(calling.flatMap(({ labels }) => [labels['team'], labels['tenant']]));
  const ofTeams = [...names].flatMap((name) => (name === undefined ? [] : (teams.get(name) ?? [])));
  const distinct = new Map([...mentions, ...ofTeams].map((mention) => [JSON.stringify(mention), mention]));
  return [...distinct.values()];
}
