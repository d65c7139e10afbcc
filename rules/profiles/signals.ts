import type { Metric } from '../../metrics/define.ts';
import type { Expr } from '../../metrics/promql.ts';
import { promql, series } from '../../metrics/promql.ts';
import type { GpuProfile } from '../alert.ts';
import { exampleGpuTarget } from '../examples.ts';
import { perGpu } from '../vectors.ts';

type Labels = 'gpu_id' | 'uuid' | 'pod' | 'job_id';
export type VendorMetric = Metric<string, 'gauge' | 'counter', Labels>;
export type XidMetric = Metric<string, 'gauge', Labels | 'xid'>;

/** A quantity of a GPU as an exporter of somebody else shows it. */
export interface Signal {
  readonly metric: VendorMetric;
  /** How many units of the exporter make one of ours: 100 for percent, 1048576 for MiB. */
  readonly unitsPerBase: number;
  /** The name that other boards or releases have for it. */
  readonly or?: VendorMetric;
}

/** How long the clocks were held down: a counter of time, or a share of it. */
export type HeldDown = { readonly counterOf: Signal } | { readonly shareOf: Signal };

/** What the alerts about GPUs read, as far as an exporter has it. */
export interface GpuSignals {
  readonly profile: GpuProfile;
  readonly temperature: Signal;
  readonly slowdownTemperature?: Signal;
  readonly memoryTemperature: Signal;
  readonly memoryMaxTemperature?: Signal;
  readonly power?: Signal;
  readonly powerLimit?: Signal;
  readonly utilization: Signal;
  readonly smClock?: Signal;
  readonly fan?: Signal;
  readonly memoryTotal: Signal;
  readonly memoryUsed: Signal;
  readonly memoryFree: Signal;
  readonly heldByHeat: HeldDown;
  readonly heldByPower: HeldDown;
  readonly clockReasons?: Signal;
  readonly uncorrectable: Signal;
  readonly correctable: Signal;
  readonly rowRemapFailure?: Signal;
  readonly rowRemapPending?: Signal;
  readonly uncorrectableRows?: Signal;
  readonly correctableRows?: Signal;
  readonly recoveryAction?: Signal;
  readonly pcie?: {
    readonly width: Signal;
    readonly widthMax: Signal;
    readonly generation: Signal;
    readonly generationMax: Signal;
  };
  readonly pcieReplays: Signal;
  readonly nvlinkCrcFlit?: Signal;
  readonly nvlinkCrcData?: Signal;
  readonly nvlinkRecoveries?: Signal;
  readonly xid?: XidMetric;
}

/** The series under either name, in the units of the exporter. */
export function anySeries({ metric, or }: Signal, over: (metric: VendorMetric) => Expr): Expr {
  return or === undefined ? over(metric) : promql`${over(metric)} or ${over(or)}`;
}

/** One value for each GPU, in base units. */
export function ofGpu(signal: Signal, over: (metric: VendorMetric) => Expr): Expr {
  const { unitsPerBase } = signal;
  const vector = perGpu(anySeries(signal, over));
  if (unitsPerBase === 1) return vector;
  return unitsPerBase < 1 ? promql`${vector} * ${1 / unitsPerBase}` : promql`${vector} / ${unitsPerBase}`;
}

/** A scrape of the exporter after relabelling, on nodes of the examples. */
export const exampleVendorTarget = { ...exampleGpuTarget, job: 'gpu-vendor', pod: '', job_id: '' } as const;

/** A second GPU of the same node. */
export const exampleSecond = { ...exampleVendorTarget, gpu_id: '1', uuid: 'GPU-second' } as const;

/** A GPU of another node. */
export const exampleThird = { ...exampleVendorTarget, node: 'n2', instance: 'n2:9400', uuid: 'GPU-third' } as const;

export type Target = Readonly<Record<keyof typeof exampleVendorTarget, string>>;

/** Values in base units, written for the unit of the exporter: each `#<number>` is multiplied. */
export function shown({ metric, unitsPerBase }: Signal, values: string, target: Target = exampleVendorTarget) {
  const text = values.replaceAll(/#(-?[\d.e]+)/g, (_, number: string) => String(Number(number) * unitsPerBase));
  return [series(metric, target), text] as const;
}
