import type { Ecc } from '../../../reading.ts';
import type { Field } from '../fields.ts';
import { type OpenGpu, stateless } from './family.ts';
import { ifAny } from './if-any.ts';
import { asNumber } from './numbers.ts';

// NVML_FI_DEV_ECC_SBE_VOL_TOTAL to NVML_FI_DEV_ECC_DBE_AGG_TOTAL; 64 bits also where the driver says 32.
const total = {
  correctableVolatile: { id: 3, scope: 0, isWide: true },
  uncorrectableVolatile: { id: 4, scope: 0, isWide: true },
  correctableAggregate: { id: 5, scope: 0, isWide: true },
  uncorrectableAggregate: { id: 6, scope: 0, isWide: true },
} as const;

export const ecc = stateless('slow', Object.values(total), readEcc);

// nvmlMemoryErrorType_t and nvmlEccCounterType_t
const severity = { correctable: 0, uncorrectable: 1 } as const;
const lifetime = { volatile: 0, aggregate: 1 } as const;

function readEcc(gpu: OpenGpu): Ecc | undefined {
  return ifAny({
    correctableVolatile: count(gpu, total.correctableVolatile, severity.correctable, lifetime.volatile),
    uncorrectableVolatile: count(gpu, total.uncorrectableVolatile, severity.uncorrectable, lifetime.volatile),
    correctableAggregate: count(gpu, total.correctableAggregate, severity.correctable, lifetime.aggregate),
    uncorrectableAggregate: count(gpu, total.uncorrectableAggregate, severity.uncorrectable, lifetime.aggregate),
  });
}

function count(
  { device, field: read }: OpenGpu,
  total: Field,
  errorType: number,
  counterType: number,
): number | undefined {
  return device.first(
    () => read(total),
    () => asNumber(device.u64('nvmlDeviceGetTotalEccErrors', errorType, counterType)),
  );
}
