import type { Language } from '../../alertmanager/bridge/message.ts';
import type { Notification } from '../../alertmanager/bridge/notification.ts';

const texts = {
  en: {
    summary: 'This is a test of FleetLens. Nothing is wrong.',
    description: 'GPU 3 on node-17 in test is made up. Somebody ran fleetlens bridge send-test to see this message.',
    context: 'rack: r07; owner: the one who sent this',
  },
  zh: {
    summary: '这是 FleetLens 的测试消息，一切正常。',
    description: '集群 test 节点 node-17 上的 GPU 3 是虚构的。有人运行了 fleetlens bridge send-test 来查看此消息。',
    context: '机架：r07；负责人：发送者本人',
  },
} as const;

/** An alert that nobody has to mend. */
export function sampleNotification(severity: string, nowMs: number, language: Language = 'en'): Notification {
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
        ...texts[language],
        startsAtMs: nowMs,
      },
    ],
    alertmanagerUrl: undefined,
    bytes: 0,
  };
}
