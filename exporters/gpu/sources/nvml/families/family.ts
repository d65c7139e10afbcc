import type { Tier } from '../../../reading.ts';
import type { DeviceDeps } from '../calls.ts';
import type { Device } from '../device.ts';
import type { Field } from '../fields.ts';

/** A GPU that answers, as a family of readings sees it. */
export interface OpenGpu {
  readonly device: Device;
  /** A value of the batched call of the family's tier; only fields that the family declares. */
  readonly field: (field: Field) => number | undefined;
  /** For what is called on other handles than the GPU's own, such as MIG instances. */
  readonly deps: DeviceDeps;
  /** Seconds on a clock that only goes forward. */
  readonly monotonic: () => number;
  /** Unix time in seconds. */
  readonly now: () => number;
}

/** How one family of readings is taken. */
export interface FamilyReader<R> {
  readonly tier: Tier;
  /** All fields that it may ask for: those of one tier are read in one call before the families of the tier. */
  readonly fields: readonly Field[];
  /** Called when the GPU answers for the first time, and again after it was away. */
  readonly open: (gpu: OpenGpu) => OpenFamily<R>;
}

export interface OpenFamily<R> {
  /** Undefined if the GPU has nothing of the family. */
  read(): R | undefined;
  /** Gives back what NVML holds for it. */
  close?(): void;
}

/** A family that remembers nothing from one reading to the next. */
export function stateless<R>(
  tier: Tier,
  fields: readonly Field[],
  read: (gpu: OpenGpu) => R | undefined,
): FamilyReader<R> {
  return { tier, fields, open: (gpu) => ({ read: () => read(gpu) }) };
}
