import type { Collector, CollectorOutput } from '../../../kit/collector.ts';
import type { Emit } from '../../../kit/exposition/samples.ts';
import type { gpu } from '../../../metrics/gpu.ts';
import type { NodeView } from '../node-view.ts';
import type { Family, GpuReading } from '../reading.ts';

export type GpuCollector = Collector<NodeView, typeof gpu>;
export type GpuOutput = CollectorOutput<typeof gpu>;

export interface DeviceLabels {
  readonly gpu_id: string;
  readonly uuid: string;
}

export function deviceLabels({ index, uuid }: { readonly index: number; readonly uuid: string }): DeviceLabels {
  return { gpu_id: String(index), uuid };
}

/** Labels of a device or of one of its MIG instances; the instance is empty for the whole GPU. */
export function instanceLabels(
  device: { readonly index: number; readonly uuid: string },
  gpuInstanceId: number | undefined,
): DeviceLabels & { readonly gpu_instance_id: string } {
  return { ...deviceLabels(device), gpu_instance_id: gpuInstanceId === undefined ? '' : String(gpuInstanceId) };
}

/**
 * A collector over one family of readings. A GPU whose family failed costs the collector its success, and no other GPU its samples;
 * a GPU without the family has nothing to show, which is no failure.
 */
export function familyCollector<F extends Family>(
  family: F,
  collect: (reading: NonNullable<GpuReading[F]>, labels: DeviceLabels, emit: Emit<typeof gpu>) => void,
): GpuCollector {
  return {
    name: family,
    collect: (state, output) => {
      for (const gpuReading of readableGpus(state, output)) {
        const error = gpuReading.errors[family];
        if (error !== undefined) output.fail(`gpu ${gpuReading.index}: ${error}`);
        const reading = gpuReading[family];
        if (reading !== undefined) collect(reading, deviceLabels(gpuReading), output.emit);
      }
    },
  };
}

/** The GPUs that answered. Where the driver stopped answering, that is the failure of every collector that needs it. */
export function readableGpus(state: NodeView, output: GpuOutput): readonly GpuReading[] {
  failIfUnanswered(state, output);
  return (state.reading?.gpus ?? []).filter((gpuReading) => gpuReading.failure === undefined);
}

export function failIfUnanswered({ driver }: NodeView, { fail }: GpuOutput): void {
  if (driver === 'unresponsive' || driver === 'crashed') fail(`the driver is ${driver}`);
}

/** 1 or 0; a value that is not known stays unknown. */
export function flag(value: boolean | undefined): 0 | 1 | undefined {
  if (value === undefined) return undefined;
  return value ? 1 : 0;
}
