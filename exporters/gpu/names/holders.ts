import type { AttributionState, Holder } from '../attribution/attribution.ts';

/** What is put on the series of a device for the pod or job that has it. */
export type HolderLabels = Readonly<Record<string, string>>;

type Pod = Extract<Holder, { readonly kind: 'pod' }>;
type Job = Extract<Holder, { readonly kind: 'job' }>;

/** Finds the labels of a GPU, or of one of its MIG instances. */
export type HolderLabelsOf = (uuid: string, gpuInstanceId?: number) => HolderLabels;

/**
 * Pod labels where exactly one container has the device, and a job label where exactly one job has it. A device that several have
 * gets none: a copy of each series for each of them, as dcgm-exporter makes, would count the device several times in a sum.
 */
export function holderLabels(attribution: AttributionState | undefined): HolderLabelsOf {
  const byDevice = new Map<string, Holder[]>();
  for (const { device, holder } of attribution?.allocations ?? []) {
    const key = deviceKey(device.uuid, device.gpuInstanceId);
    byDevice.set(key, [...(byDevice.get(key) ?? []), holder]);
  }
  return (uuid, gpuInstanceId) => {
    const holders = byDevice.get(deviceKey(uuid, gpuInstanceId)) ?? [];
    const pod = only(holders.filter((holder): holder is Pod => holder.kind === 'pod').map(podLabels));
    const job = only(holders.filter((holder): holder is Job => holder.kind === 'job').map(jobLabels));
    return { ...pod, ...job };
  };
}

function deviceKey(uuid: string, gpuInstanceId: number | undefined): string {
  return `${uuid} ${gpuInstanceId ?? ''}`;
}

function podLabels({ container, namespace, pod }: Pod): HolderLabels {
  return { container, namespace, pod };
}

function jobLabels({ jobId }: Job): HolderLabels {
  return { hpc_job: jobId };
}

/** The one that there is, even if it comes several times. */
function only(all: readonly HolderLabels[]): HolderLabels {
  const [first = {}, ...others] = all;
  const same = others.every((other) => Object.entries(first).every(([name, value]) => other[name] === value));
  return same ? first : {};
}
