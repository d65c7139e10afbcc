import { noise } from '../../../exporters/gpu/sources/simulated/random.ts';
import { simulatedPods } from '../../../exporters/gpu/sources/simulated/simulated-pods.ts';
import { simulatedVolumes } from '../billing/simulated-quotas.ts';
import { claimsOf } from './kube-state.ts';
import type { NodeKey } from './node-work.ts';
import { columnsOf, familyOf, pageOf, singleOf } from './page.ts';

/** What a kubelet would show of its node: the pods that it runs, and the volumes that it mounts for them. */
export function kubeletPage(node: string, key: NodeKey, atSeconds: number): string {
  const pods = simulatedPods(key);
  const volumes = simulatedVolumes
    .filter(({ namespace, claim }) => pods.some((pod) => claimsOf(pod).includes(claim) && pod.namespace === namespace))
    .map((volume) => [{ namespace: volume.namespace, persistentvolumeclaim: volume.claim }, volume] as const);
  const left = ({ namespace, claim, bytes }: (typeof simulatedVolumes)[number]): number => {
    const number = simulatedVolumes.findIndex((each) => each.namespace === namespace && each.claim === claim);
    // Of the volume, not of the node: all that mount it see the same.
    const used = 0.35 + 0.3 * noise(key.seed, number, 96) + 0.0004 * Math.sin(atSeconds / 400 + number);
    return Math.floor((bytes * (1 - used)) / 4096) * 4096;
  };
  const byPod = 'Pods that the kubelet runs.';
  return pageOf([
    familyOf('kubelet_node_name', 'gauge', [[{ node }, 1]]),
    // With the device plugin.
    singleOf('kubelet_running_pods', 'gauge', pods.length + 1, byPod),
    familyOf(
      'kubelet_running_containers',
      'gauge',
      [[{ container_state: 'running' }, pods.length + 1]],
      'Containers that the kubelet runs.',
    ),
    ...columnsOf(volumes, [
      ['kubelet_volume_stats_capacity_bytes', 'gauge', ({ bytes }) => bytes],
      ['kubelet_volume_stats_available_bytes', 'gauge', left],
      ['kubelet_volume_stats_used_bytes', 'gauge', (volume) => volume.bytes - left(volume), 'Space in use.'],
    ]),
  ]);
}
