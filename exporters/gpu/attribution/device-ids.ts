import type { GpuReading, MigInstance } from '../reading.ts';
import type { DeviceKey } from './attribution.ts';

/** What must be known of a GPU to find it by the id that a device plugin or DRA driver gave it. */
export type KnownGpu = Pick<GpuReading, 'index' | 'uuid' | 'identity' | 'mig'>;

/** `nvidia0`, `nvidia0/gi1`, `nvidia0/vgpu2`, `nvidia0/gi1/vgpu2`: device plugin of Google Kubernetes Engine. */
const gkeForm = /^nvidia(\d{1,4})(?:\/gi(\d{1,4}))?(?:\/vgpu\d{1,6})?$/;
/** MIG devices before driver 470. */
const oldMigForm = /^MIG-(GPU-[0-9a-f-]+)\/(\d{1,4})\/\d{1,4}$/i;
/** `gpu-0`, `gpu-0-mig-1g10gb-19-4` (profile, profile id, start) or `gpu-0-mig-19-4-1` (profile id, start, size). */
const draForm = /^gpu-(\d{1,4})(?:-mig-(.+))?$/;
const profileForm = /^(\d.*)-\d+-\d+$/;

/**
 * The GPU or instance that an id of `resource` stands for; undefined if it is none of these GPUs. Replicas of a shared device,
 * `<id>::<n>`, stand for the device. DRA drivers may put their name or pool before the device: `pool/gpu-0`.
 *
 * The name of a MIG device of the DRA driver gpu.nvidia.com says where the instance lies on the GPU, which NVML tells of no running
 * instance. The instance is found if only one of the GPU fits; else the whole GPU stands for it.
 */
export function resolveDevice(id: string, resource: string, gpus: readonly KnownGpu[]): DeviceKey | undefined {
  const [device = ''] = id.split('::', 1);
  if (device.startsWith('GPU-')) return whole(byUuid(device, gpus));
  if (device.startsWith('MIG-')) return migDevice(device, gpus);
  const [, minor, instance] = gkeForm.exec(device) ?? [];
  if (minor !== undefined) return gkeDevice(Number(minor), instance, gpus);
  if (/^\d{1,4}$/.test(device)) return whole(gpus.find(({ index }) => index === Number(device)));
  return draDevice(device, resource, gpus);
}

function whole(gpu: KnownGpu | undefined): DeviceKey | undefined {
  return gpu === undefined ? undefined : { index: gpu.index, uuid: gpu.uuid };
}

function part(gpu: KnownGpu, gpuInstanceId: number): DeviceKey {
  return { index: gpu.index, uuid: gpu.uuid, gpuInstanceId };
}

function byUuid(wanted: string, gpus: readonly KnownGpu[]): KnownGpu | undefined {
  return gpus.find(({ uuid }) => uuid === wanted) ?? gpus.find(({ uuid }) => isSame(uuid, wanted));
}

/** Some drivers of resources write UUIDs in lower case. */
function isSame(left: string, right: string): boolean {
  return left === right || (left.length === right.length && left.toLowerCase() === right.toLowerCase());
}

function migDevice(id: string, gpus: readonly KnownGpu[]): DeviceKey | undefined {
  const [, parent, instance] = oldMigForm.exec(id) ?? [];
  if (parent !== undefined) return existing(byUuid(parent, gpus), Number(instance));
  for (const gpu of gpus) {
    const found = gpu.mig?.instances.find(({ uuid }) => isSame(uuid, id));
    if (found !== undefined) return part(gpu, found.gpuInstanceId);
  }
  return undefined;
}

function gkeDevice(minor: number, instance: string | undefined, gpus: readonly KnownGpu[]): DeviceKey | undefined {
  const gpu = byMinor(minor, gpus);
  return instance === undefined ? whole(gpu) : existing(gpu, Number(instance));
}

/** Where instances are not known yet, the id is believed. */
function existing(gpu: KnownGpu | undefined, gpuInstanceId: number): DeviceKey | undefined {
  if (gpu === undefined) return undefined;
  const known = gpu.mig?.instances;
  const isThere = known === undefined || known.some((instance) => instance.gpuInstanceId === gpuInstanceId);
  return isThere ? part(gpu, gpuInstanceId) : undefined;
}

function byMinor(minor: number, gpus: readonly KnownGpu[]): KnownGpu | undefined {
  return gpus.find(({ identity, index }) => (identity.minor ?? index) === minor);
}

function draDevice(id: string, resource: string, gpus: readonly KnownGpu[]): DeviceKey | undefined {
  const name = id.startsWith(`${resource}/`) ? id.slice(resource.length + 1) : id;
  const [, minor, mig] = draForm.exec(name.slice(name.lastIndexOf('/') + 1)) ?? [];
  if (minor === undefined) return undefined;
  const gpu = byMinor(Number(minor), gpus);
  if (gpu === undefined || mig === undefined) return whole(gpu);
  const fitting = new Set((gpu.mig?.instances ?? []).filter(fits(mig)).map(({ gpuInstanceId }) => gpuInstanceId));
  const [only] = fitting;
  return only === undefined || fitting.size > 1 ? whole(gpu) : part(gpu, only);
}

/** By the profile without its dot where the name has it; the older names only have its number. */
function fits(mig: string): (instance: MigInstance) => boolean {
  const [, wanted] = profileForm.exec(mig) ?? [];
  if (wanted === undefined || /^\d+$/.test(wanted)) return () => true;
  return ({ profile }) => profile !== undefined && inName(profile) === wanted;
}

function inName(profile: string): string {
  return profile
    .toLowerCase()
    .replaceAll('.', '')
    .replaceAll(/[^a-z0-9-]/g, '-');
}
