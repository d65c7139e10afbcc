import type { NodeView } from '../node-view.ts';
import type { GpuReading, Identity, MigInstance, NodeReading } from '../reading.ts';
import { type DcgmDevice, gpuDevice, instanceDevice, silentDevice } from './dcgm-device.ts';
import type { LabelledDevice } from './device-labels.ts';
import { holderLabels } from './holders.ts';
import type { TrafficMeter } from './traffic-rates.ts';

/** A device with what there is to show of it. */
export interface ShownDevice extends LabelledDevice {
  readonly device: DcgmDevice;
}

export interface Known {
  readonly meter: TrafficMeter;
  readonly identities: ReadonlyMap<string, Identity>;
}

/** What is known of the GPUs of this state, also from before they went silent. */
export function identitiesOf(
  { silent }: NodeView,
  { gpus }: NodeReading,
  before: ReadonlyMap<string, Identity>,
): ReadonlyMap<string, Identity> {
  const remembered = silent.map(({ uuid }) => [uuid, before.get(uuid) ?? {}] as const);
  return new Map([...remembered, ...gpus.map(({ uuid, identity }) => [uuid, identity] as const)]);
}

/** Every GPU of the state, each followed by its MIG instances; those that do not answer come last. */
export function devicesOf(view: NodeView, { gpus }: NodeReading, { meter, identities }: Known): readonly ShownDevice[] {
  const isHeard = Object.values(view.xidSources).some(Boolean);
  const xidsOf = (uuid: string): DcgmDevice['xids'] =>
    view.xids.filter((xid) => xid.uuid === uuid && (isHeard || xid.count > 0));
  const holderOf = holderLabels(view.attribution);
  const shown = (
    { index, uuid }: { readonly index: number; readonly uuid: string },
    device: DcgmDevice,
    instance?: MigInstance,
  ): ShownDevice => {
    const identity = identities.get(uuid) ?? {};
    return { index, uuid, identity, instance, holder: holderOf(uuid, instance?.gpuInstanceId), device };
  };
  const answering = gpus.filter(({ failure }) => failure === undefined);
  const silent = [...gpus.filter(({ failure }) => failure !== undefined), ...view.silent];
  return [
    ...answering.flatMap((gpu) => [
      shown(gpu, gpuDevice(gpu, meter.of(gpu.uuid), xidsOf(gpu.uuid))),
      ...gpuInstances(gpu).map((instance) => shown(gpu, instanceDevice(instance), instance)),
    ]),
    ...silent.map((gpu) => shown(gpu, silentDevice(xidsOf(gpu.uuid)))),
  ];
}

/** Several MIG devices may be in one GPU instance, of which there is one series. */
function gpuInstances({ mig }: GpuReading): readonly MigInstance[] {
  return [...new Map((mig?.instances ?? []).map((instance) => [instance.gpuInstanceId, instance])).values()];
}
