import type { Accrual, DeviceInput, Holding } from '../../exporters/billing/metering/accrual.ts';
import type { Span } from '../../exporters/billing/span.ts';
import type { ExactQuantity, Holder, Usage } from '../../exporters/billing/usage.ts';

export const hour = 3_600_000;
export const minute = 60_000;

export function span(startMs: number, endMs: number): Span {
  return { startMs, endMs };
}

/** A GPU that is installed and seen for two hours from 0, and nobody's. */
export function device(changes: Partial<DeviceInput> = {}): DeviceInput {
  return {
    cluster: 'c1',
    node: 'n1',
    uuid: 'GPU-1',
    model: 'NVIDIA H100 80GB HBM3',
    installed: [span(0, 2 * hour)],
    seen: [span(0, 2 * hour)],
    unavailable: [],
    instances: [],
    replicas: [],
    holdings: [],
    ...changes,
  };
}

/** Pieces of [from, to] that are held all the time, or of [from, to, amount]. */
export function accrual(...pieces: readonly (readonly [number, number, number?])[]): Accrual {
  return {
    fromMs: Float64Array.from(pieces, ([from]) => from),
    toMs: Float64Array.from(pieces, ([, to]) => to),
    amounts: Float64Array.from(pieces, ([from, to, amount]) => amount ?? to - from),
  };
}

export function holding(pod: string, held: Accrual, changes: Partial<Holding> = {}): Holding {
  const holder: Holder = { namespace: 'team-a', pod };
  return { gpuInstanceId: '', profile: '', holder, held, divided: undefined, ...changes };
}

/** `pod or reason resource share: quantity`, such as `used a GPU-1 1/1: 3600000`, in the order of the usages. */
export function lines(usages: readonly Usage[]): readonly string[] {
  return usages.map(
    ({ state, reason, holder, resource, share, quantity }) =>
      `${state} ${holder['pod'] ?? reason} ${resource} ${share.num}/${share.den}: ${quantity}`,
  );
}

/** The sum of quantity × share of all usages. */
export function totalOf(usages: readonly Usage[]): ExactQuantity {
  let [num, den] = [0n, 1n];
  for (const { quantity, share } of usages) {
    num = num * BigInt(share.den) + quantity * BigInt(share.num) * den;
    den *= BigInt(share.den);
    const divisor = gcd(num, den);
    [num, den] = [num / divisor, den / divisor];
  }
  return { num, den };
}

function gcd(left: bigint, right: bigint): bigint {
  let [a, b] = [left < 0n ? -left : left, right];
  while (b !== 0n) [a, b] = [b, a % b];
  return a === 0n ? 1n : a;
}
