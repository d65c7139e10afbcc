import type { GpuReading, MigInstance } from '../reading.ts';
import type { XidCount } from '../sources/xid-ledger.ts';
import type { TrafficRates } from './traffic-rates.ts';

type Families = Omit<GpuReading, 'index' | 'uuid' | 'identity' | 'failure' | 'errors'>;

/** What the fields of DCGM are made from: the readings of a GPU, or of a MIG GPU instance, which has few families of its own. */
export interface DcgmDevice extends Families {
  readonly rates: TrafficRates;
  /** Codes of the GPU that can be heard of or were; none for a MIG instance. */
  readonly xids: readonly XidCount[];
}

export function gpuDevice(gpu: GpuReading, rates: TrafficRates, xids: readonly XidCount[]): DcgmDevice {
  return { ...gpu, rates, xids };
}

export function instanceDevice({ memory, activity }: MigInstance): DcgmDevice {
  return { memory, activity, rates: {}, xids: [] };
}

/** A GPU that does not answer: only what was heard about it. */
export function silentDevice(xids: readonly XidCount[]): DcgmDevice {
  return { rates: {}, xids };
}
