import { createPodResources } from '../../../../exporters/gpu/sources/kubelet/pod-resources.ts';
import type { Check } from '../../check.ts';
import { counted } from '../../counted.ts';
import { type Finding, failure, notApplicable, ok, warning } from '../../finding.ts';
import type { Machine } from '../../machine.ts';
import { thrown } from '../../reason.ts';

export const podResources: Check = {
  name: 'pod_resources',
  title: 'pod resources API',
  group: 'sources',
  run: async (machine) => {
    const { options, patienceSeconds } = machine;
    if (options['kubernetes.enabled'] === 'off') return notApplicable('--kubernetes.enabled=off');
    const source = createPodResources({
      socket: options['kubernetes.pod-resources-socket'],
      resources: options['kubernetes.resources'],
      timeoutSeconds: patienceSeconds,
    });
    try {
      if (!(await source.isPresent())) return absent(machine);
      const { containers, bad } = await source.list();
      return judgeAnswer({ containers: containers.length, bad, allocatable: await source.allocatable() });
    } catch (error) {
      return thrown('failure', error);
    } finally {
      source.close();
    }
  },
};

function absent({ options, container }: Machine): Finding {
  const socket = options['kubernetes.pod-resources-socket'];
  const found = `there is no socket ${socket}`;
  const remedy =
    'mount /var/lib/kubelet/pod-resources into the container, or name it with --kubernetes.pod-resources-socket';
  if (options['kubernetes.enabled'] === 'on') return failure(found, remedy);
  return container === 'Kubernetes pod' ? warning(`${found}, so GPUs have no pods`, remedy) : notApplicable(found);
}

interface Answer {
  /** Number of containers that have GPUs. */
  readonly containers: number;
  readonly bad: number;
  /** Number of devices by resource name. */
  readonly allocatable: ReadonlyMap<string, number>;
}

export function judgeAnswer({ containers, bad, allocatable }: Answer): Finding {
  const devices = [...allocatable].map(([resource, number]) => `${number} ${resource}`).join(', ');
  const found = `${counted(containers, 'container')} with GPUs; allocatable: ${devices === '' ? 'not told' : devices}`;
  if (bad > 0)
    return warning(`${found}; ${counted(bad, 'entry', 'entries')} cannot be read`, 'see the log of the kubelet');
  if (containers > 0 || devices !== '') return ok(found);
  return warning(
    'it answers, but knows no GPUs',
    'see that the device plugin or DRA driver runs and that --kubernetes.resources has its resource names',
  );
}
