import type { Activity, Memory, Mig, MigInstance } from '../../../reading.ts';
import { createDevice, type Device } from '../device.ts';
import { type GpmMetric, type GpmTarget, openGpm } from '../gpm.ts';
import { failedOnInstance, listMigDevices, type MigDevice, onInstance, readMigMode } from '../mig-devices.ts';
import { readMigProfile } from '../mig-profile.ts';
import type { FamilyReader, OpenFamily, OpenGpu } from './family.ts';
import { readMemory } from './memory.ts';

export const mig: FamilyReader<Mig> = { tier: 'fast', fields: [], open };

const metrics: readonly GpmMetric[] = [
  'graphicsRatio',
  'smRatio',
  'smOccupancyRatio',
  'tensorRatio',
  'dramRatio',
  'fp64Ratio',
  'fp32Ratio',
  'fp16Ratio',
];

/** What is known of a MIG device while it stays the same. */
interface Known {
  readonly device: Device;
  readonly profile: string | undefined;
}

/** A GPU instance while the same devices are in it. */
interface Generation {
  readonly fingerprint: string;
  readonly target: GpmTarget;
}

function open(gpu: OpenGpu): OpenFamily<Mig> {
  const gpm = openGpm(gpu);
  let known: ReadonlyMap<string, Known> = new Map();
  let generations: ReadonlyMap<number, Generation> = new Map();

  function meet(devices: readonly MigDevice[]): void {
    const entries = devices.map((each) => [fingerprintOf(each), each] as const);
    known = new Map(
      entries.map(([fingerprint, each]) => [fingerprint, known.get(fingerprint) ?? getToKnow(gpu, each)]),
    );
    const next = new Map(
      [...byGpuInstance(devices)].map(([id, fingerprint]) => [id, generationOf(id, fingerprint)] as const),
    );
    for (const [id, generation] of generations) if (next.get(id) !== generation) generation.target.close();
    generations = next;
  }

  /** Ratios are only taken between samples of the same instance: one that was made anew starts again, also under the old number. */
  function generationOf(gpuInstanceId: number, fingerprint: string): Generation {
    const present = generations.get(gpuInstanceId);
    if (present?.fingerprint === fingerprint) return present;
    const failed: Device['failed'] = (symbol, code) => failedOnInstance(gpu, symbol, code);
    return { fingerprint, target: gpm.target({ metrics, gpuInstanceId, failed }) };
  }

  function readInstances(devices: readonly MigDevice[]): readonly MigInstance[] {
    meet(devices);
    const activities = new Map<number, Activity | undefined>();
    for (const [id, { target }] of generations) activities.set(id, target.read());
    return devices.map((each) => {
      const { gpuInstanceId, computeInstanceId, uuid } = each;
      const { device, profile } = known.get(fingerprintOf(each)) ?? {};
      const memory = device === undefined ? undefined : readMemoryOf(device);
      return { gpuInstanceId, computeInstanceId, uuid, profile, memory, activity: activities.get(gpuInstanceId) };
    });
  }

  function readMemoryOf(device: Device): Memory | undefined {
    return onInstance(gpu, device, readMemory);
  }

  return {
    read() {
      const mode = readMigMode(gpu.device);
      if (mode === undefined) return undefined;
      return { ...mode, instances: readInstances(mode.enabled ? listMigDevices(gpu) : []) };
    },
    close: () => meet([]),
  };
}

function getToKnow(gpu: OpenGpu, { handle, name }: MigDevice): Known {
  const device = createDevice({ ...gpu.deps, handle });
  return { device, profile: onInstance(gpu, device, (instance) => readMigProfile(gpu.device, instance, name)) };
}

/** The profile is in the name: an instance may be made anew with other slices under the same numbers and UUID. */
function fingerprintOf({ handle, gpuInstanceId, computeInstanceId, uuid, name }: MigDevice): string {
  return [handle, gpuInstanceId, computeInstanceId, uuid, name].join(' ');
}

function byGpuInstance(devices: readonly MigDevice[]): ReadonlyMap<number, string> {
  const fingerprints = new Map<number, string>();
  for (const each of devices) {
    const before = fingerprints.get(each.gpuInstanceId) ?? '';
    fingerprints.set(each.gpuInstanceId, `${before}${fingerprintOf(each)}\n`);
  }
  return fingerprints;
}
