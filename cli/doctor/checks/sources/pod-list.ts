import { stat } from 'node:fs/promises';
import { createPodList } from '../../../../exporters/gpu/sources/kubelet/pod-list.ts';
import type { Check } from '../../check.ts';
import { counted } from '../../counted.ts';
import { notApplicable, ok, warning } from '../../finding.ts';
import { thrown } from '../../reason.ts';

export const podList: Check = {
  name: 'pod_list',
  title: 'pod list',
  group: 'sources',
  run: async ({ options, patienceSeconds }) => {
    const url = options['kubernetes.pod-list-url'];
    if (url === undefined) return notApplicable('no --kubernetes.pod-list-url');
    if (options['kubernetes.enabled'] === 'off') return notApplicable('--kubernetes.enabled=off');
    const tokenFile = options['kubernetes.pod-list-token-file'];
    const caFile = options['kubernetes.pod-list-ca-file'];
    const labels = options['kubernetes.pod-labels'];
    try {
      for (const file of [tokenFile, caFile]) if (file !== undefined) await requireFile(file);
      const list = createPodList({ url, tokenFile, caFile, labels, timeoutSeconds: patienceSeconds });
      const { pods, bad } = await list.read();
      const found = counted(pods.length, 'pod');
      if (bad > 0)
        return warning(
          `${found}; ${counted(bad, 'entry', 'entries')} cannot be read`,
          'see that the address is that of a list of pods',
        );
      return pods.length > 0 ? ok(found) : warning('it is empty', 'see that fieldSelector names this node');
    } catch (error) {
      return thrown('failure', error);
    }
  },
};

/** Opening a pipe would wait for somebody who writes into it. */
async function requireFile(file: string): Promise<void> {
  if (!(await stat(file)).isFile())
    throw new Error(`${file} is no file; give the one that holds the token or the certificate`);
}
