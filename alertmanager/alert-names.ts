/** The heartbeat: always fires, so that its end is noticed elsewhere. */
export const heartbeatAlert = 'Watchdog';

/** An alert of kube-prometheus that tells nobody anything; it is only there to keep infos back. */
export const infoInhibitor = 'InfoInhibitor';

/**
 * Our alerts, and those of the common rule packs for Prometheus and Alertmanager, that say that messages do not get through. They take
 * a second way to people beside their team's, and no other alert may silence them: the way they report on may be the
 * one that the other alert is sent by.
 */
export const deliveryAlerts = [
  'NotificationsFailing',
  'AlertSendingFailing',
  'AlertmanagerNotFound',
  'AlertsDropped',
  'AlertmanagerFailedToSendAlerts',
  'AlertmanagerClusterFailedToSendAlerts',
  'PrometheusErrorSendingAlertsToAnyAlertmanager',
  'PrometheusNotConnectedToAlertmanagers',
] as const;
