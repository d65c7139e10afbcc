/**
 * A number from 0 to 1 that depends on nothing but its arguments, so that a simulated fleet is the same at every run of one seed.
 * The mixing steps are those of MurmurHash3's finaliser.
 */
export function noise(...keys: readonly number[]): number {
  let hash = 0x9e3779b9;
  for (const key of keys) {
    hash = mix(hash ^ Math.imul(key | 0, 0x85ebca6b));
  }
  return (hash >>> 0) / 0x1_0000_0000;
}

function mix(input: number): number {
  let hash = input;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
