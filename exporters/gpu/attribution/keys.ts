import type { AllocatedTime, DeviceKey, Owner } from './attribution.ts';

/** Cannot stand in a name of Kubernetes, a UUID or a file. */
const separator = '\u0000';

/** The same for the same GPU or instance, also if the GPU got another index. */
export function deviceId({ uuid, gpuInstanceId }: DeviceKey): string {
  return gpuInstanceId === undefined ? uuid : `${uuid}${separator}${gpuInstanceId}`;
}

/** The same for the same owner; a job is the same whether its user is known or not. */
export function ownerId(owner: Owner): string {
  switch (owner.kind) {
    case 'pod':
      return `pod${separator}${owner.namespace}${separator}${owner.pod}${separator}${owner.container}`;
    case 'job':
      return `job${separator}${owner.jobId}`;
    case 'process':
      return `process${separator}${owner.name}`;
    case 'unattributed':
      return 'unattributed';
  }
}

export function partId(device: DeviceKey, owner: Owner): string {
  return `${deviceId(device)}${separator}${separator}${ownerId(owner)}`;
}

/** The same for what is counted together: an instance that was made anew with another profile is another thing to pay for. */
export function allocationId({
  device,
  holder,
  profile = '',
}: Pick<AllocatedTime, 'device' | 'holder' | 'profile'>): string {
  return `${partId(device, holder)}${separator}${separator}${profile}`;
}

/** True if who has `outer` has `inner`: they are the same, or `outer` is the whole GPU of the instance. */
export function covers(outer: DeviceKey, inner: DeviceKey): boolean {
  return (
    outer.uuid === inner.uuid && (outer.gpuInstanceId === undefined || outer.gpuInstanceId === inner.gpuInstanceId)
  );
}
