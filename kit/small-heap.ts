import { setFlagsFromString } from 'node:v8';

/**
 * Keeps the young generation of the heap at its first size. V8 lets it grow to 48 MiB under load, which is more than all else that an
 * exporter of one node holds; what it would save is some short garbage collections. Not for daemons with much data.
 */
export function keepHeapSmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
}
