import type { AlertView, Language, Message } from '../../../alertmanager/bridge/message.ts';

const startsAtMs = Date.UTC(2026, 10, 29, 6, 0);

export function sampleAlert(index: number, over: Partial<AlertView> = {}): AlertView {
  const node = `n${index + 1}`;
  return {
    status: 'firing',
    fingerprint: `f${index}`,
    name: 'GpuXidNodeReboot',
    severity: 'critical',
    labels: {
      alertname: 'GpuXidNodeReboot',
      cluster: 'c1',
      node,
      gpu_id: String(index % 8),
      team: 'sre',
      domain: 'gpu',
      action: 'restart_node',
    },
    summary: 'The driver has lost the GPU.',
    description: `XID 79 on GPU ${index % 8} of ${node}. Drain the node and reboot it.`,
    context: `tenant vision · rack r7 · serial 16500${index}`,
    startsAtMs: startsAtMs + index * 60_000,
    runbookUrl: 'https://docs.example.com/runbooks/GpuXidNodeReboot',
    dashboardUrl: `https://grafana.example.com/d/gpu?var-node=${node}`,
    ...over,
  };
}

export function sampleGroup(language: Language, alerts: readonly AlertView[], over: Partial<Message> = {}): Message {
  const firing = alerts.filter(({ status }) => status === 'firing').length;
  const resolved = alerts.length - firing;
  return {
    kind: 'group',
    language,
    status: firing > 0 ? 'firing' : 'resolved',
    severity: 'critical',
    groups: 1,
    firing,
    resolved,
    counts: [{ name: 'GpuXidNodeReboot', severity: 'critical', firing, resolved }],
    common: {
      alertname: 'GpuXidNodeReboot',
      cluster: 'c1',
      team: 'sre',
      domain: 'gpu',
      severity: 'critical',
      action: 'restart_node',
    },
    alerts,
    alertmanagerUrl: 'https://alertmanager.example.com/#/alerts?filter=%7Bcluster%3D%22c1%22%7D',
    acknowledgeUrl: 'https://bridge.example.com/ack/abc',
    mentions: [],
    ...over,
  };
}

/** One group that fires, one that is over, and a digest, in the language. */
export function sampleMessages(language: Language): Readonly<Record<'firing' | 'resolved' | 'digest', Message>> {
  const three = [0, 1, 2].map((index) => sampleAlert(index));
  const over = three
    .slice(0, 2)
    .map((alert) => ({ ...alert, status: 'resolved' as const, endsAtMs: startsAtMs + 7_500_000 }));
  const hot = sampleAlert(3, {
    name: 'GpuTemperatureHigh',
    severity: 'warning',
    labels: { alertname: 'GpuTemperatureHigh', cluster: 'c1', node: 'n4', gpu_id: '1', action: 'investigate' },
    summary: 'A GPU is too hot.',
  });
  return {
    firing: sampleGroup(language, three),
    resolved: sampleGroup(language, over),
    digest: sampleGroup(language, [...three, hot], {
      kind: 'digest',
      groups: 12,
      firing: 340,
      resolved: 6,
      counts: [
        { name: 'GpuXidNodeReboot', severity: 'critical', firing: 300, resolved: 6 },
        { name: 'GpuTemperatureHigh', severity: 'warning', firing: 40, resolved: 0 },
      ],
      common: { cluster: 'c1' },
    }),
  };
}
