import type { Notification } from '../../alertmanager/bridge/notification.ts';

/** An alert that nobody has to mend. */
export function sampleNotification(severity: string, nowMs: number): Notification {
  const labels = { alertname: 'FleetLensTest', severity, cluster: 'test', node: 'node-17', gpu_id: '3', team: 'sre' };
  return {
    groupKey: 'send-test',
    groupLabels: { alertname: 'FleetLensTest' },
    alerts: [
      {
        status: 'firing',
        fingerprint: '0000000000000000',
        name: labels.alertname,
        severity,
        labels,
        summary: 'This is a test of FleetLens. Nothing is wrong.',
        description:
          'GPU 3 on node-17 in test is made up. Somebody ran fleetlens bridge send-test to see this message.',
        context: 'rack: r07; owner: the one who sent this',
        startsAtMs: nowMs,
      },
    ],
    alertmanagerUrl: undefined,
    bytes: 0,
  };
}
