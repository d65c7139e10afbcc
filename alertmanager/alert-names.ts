/** The heartbeat: always fires, so that its end is noticed elsewhere. */
export const heartbeatAlert = 'Watchdog';

/**
 * Alerts of ours and of the common rule packs for Prometheus and Alertmanager that say that messages do not get through. They take
 * a second way to people beside their team's, and no other alert may silence them: the way they report on may be the
 * one that the other alert is sent by.
 */
export const deliveryAlerts = [
  'BridgeDeliveryFailing',
  'BridgeRobotLimited',
  'BridgeDeadLetter',
  'AlertmanagerFailedToSendAlerts',
  'AlertmanagerClusterFailedToSendAlerts',
  'PrometheusErrorSendingAlertsToAnyAlertmanager',
  'PrometheusNotConnectedToAlertmanagers',
] as const;
