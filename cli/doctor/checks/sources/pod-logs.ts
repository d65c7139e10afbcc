import { createPodLogs } from '../../../../exporters/gpu/sources/kubelet/pod-logs.ts';
import { socketExists } from '../../../../exporters/gpu/sources/kubelet/socket.ts';
import type { Check } from '../../check.ts';
import { counted } from '../../counted.ts';
import { notApplicable, ok } from '../../finding.ts';
import { thrown } from '../../reason.ts';

export const podLogs: Check = {
  name: 'pod_logs',
  title: 'pod log folder',
  group: 'sources',
  run: async ({ options }) => {
    const enabled = options['kubernetes.enabled'];
    if (enabled === 'off') return notApplicable('--kubernetes.enabled=off');
    if (options['kubernetes.pod-list-url'] !== undefined) return notApplicable('the pod list is used');
    if (!options['processes.enabled']) return notApplicable('processes are not looked for');
    if (enabled === 'auto' && !(await socketExists(options['kubernetes.pod-resources-socket']))) {
      return notApplicable('there is no kubelet');
    }
    try {
      const path = options['kubernetes.pod-logs-path'];
      const { pods } = await createPodLogs({ path }).read();
      return ok(`${path} has ${counted(pods.length, 'pod')}`);
    } catch (error) {
      return thrown('warning', error);
    }
  },
};
