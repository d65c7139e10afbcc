import type { InstantSample, Labels } from '../../../../kit/prometheus-api.ts';
import { cleanText } from '../clean-text.ts';
import { installDriver } from '../joint-items.ts';
import type { ObservedItems } from '../observed-items.ts';
import { gpuIdentities, migPlacement } from '../part-identity.ts';
import type { Machine, Machines } from './machines.ts';

type Samples = readonly InstantSample[];

interface GpuSamples {
  readonly gpus: Samples;
  readonly migInstances: Samples;
  readonly drivers: Samples;
  readonly dcgm: Samples;
}

interface GpuFacts {
  readonly uuid: string | undefined;
  readonly serial: string | undefined;
  readonly model: string | undefined;
  readonly index: string | undefined;
  readonly pciBusId: string | undefined;
  readonly vbios: string | undefined;
  readonly driver: string | undefined;
}

interface MigFacts {
  readonly gpu: string | undefined;
  readonly profile: string | undefined;
  readonly gpuInstance: string | undefined;
  readonly computeInstance: string | undefined;
}

/** Scope of the GPUs of a machine, which an exporter of their own looks at. */
export function gpuScope(machineKey: string): string {
  return `${machineKey} gpus`;
}

/** What our exporter and dcgm-exporter tell of GPUs. Returns the keys of the machines that they tell of. */
export function addGpuFacts(samples: GpuSamples, machines: Machines, items: ObservedItems): ReadonlySet<string> {
  const gpusOf = new Map<string, Set<string>>();
  const add = (machine: Machine | undefined, facts: GpuFacts): void => {
    const uuid = facts.uuid?.toLowerCase();
    if (machine === undefined || uuid === undefined) return;
    addGpu(machine, uuid, facts, items);
    gpusOf.set(machine.key, (gpusOf.get(machine.key) ?? new Set()).add(uuid));
  };
  for (const { labels } of samples.gpus) add(machines.of(labels), fromOurs(labels));
  for (const { labels } of samples.dcgm) add(machines.of(labels, cleanText(labels['Hostname'])), fromDcgm(labels));
  for (const { labels } of samples.migInstances) addMig(machines.of(labels), migFromOurs(labels), items);
  for (const { labels } of samples.dcgm)
    addMig(machines.of(labels, cleanText(labels['Hostname'])), migFromDcgm(labels), items);
  for (const { labels } of samples.drivers) addDriver(machines.of(labels), cleanText(labels['driver']), items);
  for (const [key, gpus] of gpusOf) items.add({ key, class: 'server', attributes: { gpu_count: gpus.size } });
  return new Set(gpusOf.keys());
}

function addGpu(machine: Machine, uuid: string, facts: GpuFacts, items: ObservedItems): void {
  const key = items.add({
    key: `gpu:${uuid}`,
    class: 'gpu',
    name: facts.index === undefined ? undefined : `${machine.host} gpu ${facts.index}`,
    identities: gpuIdentities(uuid, facts.serial),
    attributes: {
      vendor: 'NVIDIA',
      uuid: facts.uuid,
      serial: facts.serial,
      model: facts.model,
      gpu_index: facts.index,
      pci_bus_id: facts.pciBusId?.toLowerCase(),
      vbios_version: facts.vbios,
    },
    scope: gpuScope(machine.key),
  });
  items.relate(key, 'installed_on', machine.key);
  addDriver(machine, facts.driver, items);
}

function addDriver(machine: Machine | undefined, driver: string | undefined, items: ObservedItems): void {
  if (machine === undefined || driver === undefined) return;
  items.add({ key: machine.key, class: 'server', attributes: { driver_version: driver } });
  installDriver(items, machine.key, driver);
}

function addMig(machine: Machine | undefined, facts: MigFacts, items: ObservedItems): void {
  const { profile, gpuInstance, computeInstance } = facts;
  const gpu = facts.gpu?.toLowerCase();
  if (machine === undefined || gpu === undefined || profile === undefined || gpuInstance === undefined) return;
  const identity = migPlacement(gpu, profile, gpuInstance, computeInstance);
  const key = items.add({
    key: `mig_instance:${identity?.value}`,
    class: 'mig_instance',
    name: `${profile} ${gpuInstance} of ${facts.gpu}`,
    identities: [identity],
    attributes: { profile },
    scope: gpuScope(machine.key),
  });
  items.relate(key, 'part_of', `gpu:${gpu}`);
}

function fromOurs(labels: Labels): GpuFacts {
  return {
    uuid: cleanText(labels['uuid']),
    serial: cleanText(labels['serial']),
    model: cleanText(labels['model']),
    index: cleanText(labels['gpu_id']),
    pciBusId: cleanText(labels['pci_bus_id']),
    vbios: cleanText(labels['vbios']),
    driver: cleanText(labels['driver']),
  };
}

function fromDcgm(labels: Labels): GpuFacts {
  return {
    uuid: cleanText(labels['UUID']),
    serial: cleanText(labels['DCGM_FI_DEV_SERIAL']),
    model: cleanText(labels['modelName']),
    index: cleanText(labels['gpu']),
    pciBusId: cleanText(labels['pci_bus_id']),
    vbios: cleanText(labels['DCGM_FI_DEV_VBIOS_VERSION']),
    driver: cleanText(labels['DCGM_FI_DRIVER_VERSION']),
  };
}

function migFromOurs(labels: Labels): MigFacts {
  return {
    gpu: cleanText(labels['uuid']),
    profile: cleanText(labels['profile']),
    gpuInstance: cleanText(labels['gpu_instance_id']),
    computeInstance: cleanText(labels['compute_instance_id']),
  };
}

/** It knows the GPU instance alone, and gives each the UUID of its GPU. */
function migFromDcgm(labels: Labels): MigFacts {
  return {
    gpu: cleanText(labels['UUID']),
    profile: cleanText(labels['GPU_I_PROFILE']),
    gpuInstance: cleanText(labels['GPU_I_ID']),
    computeInstance: undefined,
  };
}
