/**
 * Follows a counter that starts again at 0 when it reaches `modulus`, and gives by how much it grew since the first reading. That holds
 * as long as it is read at least once between two such starts. A reading that failed is undefined and is made up for by the next one.
 * It starts at 0 and not with what it reads first, which lies anywhere below `modulus`: after a restart Prometheus takes the lower total
 * for a reset and adds all of it.
 */
export function createWrappingCounter(modulus: number): (raw: number | undefined) => number | undefined {
  let last: number | undefined;
  let total = 0;

  return (raw) => {
    if (raw === undefined) return undefined;
    total += last === undefined ? 0 : advance(last, raw, modulus);
    last = raw;
    return total;
  };
}

function advance(last: number, raw: number, modulus: number): number {
  return raw >= last ? raw - last : raw + Math.max(modulus - last, 0);
}
