import { noise } from './random.ts';

/** A UUID that depends on the keys alone. */
export function simulatedUuid(...keys: readonly number[]): string {
  const digits = [10, 11, 12, 13].map((part) => hex8(noise(...keys, part))).join('');
  return [
    digits.slice(0, 8),
    digits.slice(8, 12),
    digits.slice(12, 16),
    digits.slice(16, 20),
    digits.slice(20, 32),
  ].join('-');
}

function hex8(value: number): string {
  return Math.floor(value * 0x1_0000_0000)
    .toString(16)
    .padStart(8, '0');
}
