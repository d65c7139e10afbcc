import { type Family, families, type GpuReading, type Tier, tiers } from '../../reading.ts';
import type { DeviceDeps } from './calls.ts';
import type { CostMeter } from './cost-meter.ts';
import type { Device, FieldReader } from './device.ts';
import type { OpenFamily } from './families/family.ts';
import { familyReaders } from './families/index.ts';
import { nameOf } from './return-codes.ts';

export type FamilyReadings = { readonly [F in Family]?: GpuReading[F] } & Pick<GpuReading, 'errors'>;

/** All families of a GPU that answers. Each is read when its tier is due and shown as it was in between. */
export interface GpuFamilies {
  readonly read: (due: readonly Tier[]) => FamilyReadings;
  readonly close: () => void;
}

export interface GpuFamiliesDeps extends DeviceDeps {
  readonly device: Device;
  readonly meter: CostMeter;
  readonly monotonic: () => number;
  readonly now: () => number;
}

export function openFamilies({ device, meter, monotonic, now, ...deps }: GpuFamiliesDeps): GpuFamilies {
  const batches: Readonly<Record<Tier, FieldReader>> = {
    fast: fieldReader('fast'),
    slow: fieldReader('slow'),
    processes: fieldReader('processes'),
  };
  const open = Object.fromEntries(families.map((family) => [family, openOne(family)])) as OpenFamilies;
  const readings: { -readonly [F in Family]?: GpuReading[F] } = {};
  const errors: { [F in Family]?: string } = {};

  function fieldReader(tier: Tier): FieldReader {
    return device.fields(fieldsOf(tier), { retryAfterFills: retryAfterFills[tier] });
  }

  function openOne(family: Family): OpenFamily<unknown> {
    const reader = familyReaders[family];
    return reader.open({ device, field: batches[reader.tier].read, deps, monotonic, now });
  }

  function take<F extends Family>(family: F): void {
    readings[family] = meter.measure(family, () => open[family].read());
    const error = device.takeError();
    if (error === undefined) delete errors[family];
    else errors[family] = nameOf(error);
  }

  return {
    read(due) {
      for (const tier of due) {
        if (fieldsOf(tier).length > 0) meter.measure(`fields_${tier}`, batches[tier].refresh);
      }
      for (const family of families) if (due.includes(familyReaders[family].tier)) take(family);
      return { ...readings, errors: { ...errors } };
    },
    close() {
      for (const family of families) open[family].close?.();
    },
  };
}

/** At the usual intervals every ten minutes, so that a link that was down at the start is not missed for good when it comes up. */
const retryAfterFills: Readonly<Record<Tier, number>> = { fast: 120, slow: 10, processes: 40 };

type OpenFamilies = { readonly [F in Family]: OpenFamily<NonNullable<GpuReading[F]>> };

const fieldsByTier = new Map(
  tiers.map((tier) => {
    const ofTier = Object.values(familyReaders).filter((reader) => reader.tier === tier);
    return [tier, ofTier.flatMap((reader) => reader.fields)] as const;
  }),
);

function fieldsOf(tier: Tier) {
  return fieldsByTier.get(tier) ?? [];
}
