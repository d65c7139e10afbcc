import type { Vgpu } from '../../../reading.ts';
import { type OpenGpu, stateless } from './family.ts';

export const vgpu = stateless('slow', [], readVgpu);

// nvmlGpuVirtualizationMode_t: a GPU that was passed through to this machine whole, and a vGPU, seen from within its virtual machine.
const virtualization = { passthrough: 1, vgpu: 2 } as const;

// nvmlGridLicensableFeatures_t of nvmlDeviceGetGridLicensableFeatures_v4: 0 i32 isGridLicenseSupported, 4 u32 licensableFeaturesCount,
// then at most 3 features of 284 bytes: 0 u32 featureCode, 4 u32 featureState (not 0 if licensed), 8 char[128], 136 char[128],
// 264 u32 featureEnabled, 268 licenseExpiry.
const licensing = { size: 860, isSupported: 0, count: 4, features: 8, featureSize: 284, maxFeatures: 3 } as const;
const featureOffset = { isLicensed: 4, isEnabled: 264 } as const;

/** A vGPU needs a licence always, a GPU that was passed through only if a licensed feature is switched on, any other GPU never. */
function readVgpu({ device }: OpenGpu): Vgpu | undefined {
  const mode = device.constant('nvmlDeviceGetVirtualizationMode');
  if (mode !== virtualization.vgpu && mode !== virtualization.passthrough) return undefined;
  const licence = device.struct('nvmlDeviceGetGridLicensableFeatures_v4', { size: licensing.size });
  if (licence === undefined || licence.readInt32LE(licensing.isSupported) === 0) return undefined;
  const features = featuresOf(licence);
  const licensed = features.some(({ isLicensed }) => isLicensed);
  const applies = mode === virtualization.vgpu || licensed || features.some(({ isEnabled }) => isEnabled);
  return applies ? { licensed } : undefined;
}

function featuresOf(licence: Buffer): { readonly isLicensed: boolean; readonly isEnabled: boolean }[] {
  const count = Math.min(licence.readUInt32LE(licensing.count), licensing.maxFeatures);
  return Array.from({ length: count }, (_, position) => {
    const start = licensing.features + position * licensing.featureSize;
    return {
      isLicensed: licence.readUInt32LE(start + featureOffset.isLicensed) !== 0,
      isEnabled: licence.readUInt32LE(start + featureOffset.isEnabled) !== 0,
    };
  });
}
