import fc from 'fast-check';
import { clockEventReasons } from '../../../../../exporters/gpu/reading.ts';
import { clockEventReasonsOf } from '../../../../../exporters/gpu/sources/nvml/clock-events.ts';

test.each([
  [0x0n, []],
  [0x1n, ['gpu_idle']],
  [0x4n, ['sw_power_cap']],
  [0x8n | 0x40n, ['hw_slowdown', 'hw_thermal']],
  [0x100n, ['display_clocks']],
  [0x200n | 0x400n, ['board_limit', 'reliability']],
  [0x800n, ['unknown']],
  [(1n << 63n) | 0x800n | 0x20n, ['sw_thermal', 'unknown']],
])('mask %i means %j', (mask, reasons) => {
  expect(clockEventReasonsOf(mask)).toEqual(reasons);
});

test('every bit has exactly one reason, and bits without a name share one', () => {
  fc.assert(
    fc.property(fc.bigInt(0n, (1n << 64n) - 1n), (mask) => {
      const reasons = clockEventReasonsOf(mask);
      expect(new Set(reasons).size).toBe(reasons.length);
      expect(reasons.every((reason) => clockEventReasons.includes(reason))).toBe(true);
      expect(reasons.includes('unknown')).toBe(mask >> 11n !== 0n);
      expect(reasons.length > 0).toBe(mask !== 0n);
    }),
  );
});
