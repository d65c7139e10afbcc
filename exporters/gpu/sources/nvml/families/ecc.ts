import type { Ecc } from '../../../reading.ts';
import type { Device } from '../device.ts';
import { type FieldId, fieldId } from '../fields.ts';
import { ifAny } from './if-any.ts';

// nvmlMemoryErrorType_t and nvmlEccCounterType_t
const severity = { correctable: 0, uncorrectable: 1 } as const;
const lifetime = { volatile: 0, aggregate: 1 } as const;

export function readEcc(device: Device): Ecc | undefined {
  return ifAny({
    correctableVolatile: count(device, fieldId.correctableVolatile, severity.correctable, lifetime.volatile),
    uncorrectableVolatile: count(device, fieldId.uncorrectableVolatile, severity.uncorrectable, lifetime.volatile),
    correctableAggregate: count(device, fieldId.correctableAggregate, severity.correctable, lifetime.aggregate),
    uncorrectableAggregate: count(device, fieldId.uncorrectableAggregate, severity.uncorrectable, lifetime.aggregate),
  });
}

function count(device: Device, field: FieldId, errorType: number, counterType: number): number | undefined {
  return device.first(
    () => device.field(field),
    () => {
      const total = device.u64('nvmlDeviceGetTotalEccErrors', errorType, counterType);
      return total === undefined ? undefined : Number(total);
    },
  );
}
