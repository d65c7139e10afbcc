import type { Span } from '../span.ts';
import type { Tenant } from '../subjects/tenant-directory.ts';
import { periodAt, shiftPeriod } from './period.ts';

/** Moments within the span at which a period of any tenant begins: windows end there, so that no window is in two bills. */
export function periodCuts(
  span: Span,
  tenants: readonly Pick<Tenant, 'timeZone'>[],
  anchorDay: number,
): readonly number[] {
  const zones = [...new Set(tenants.map(({ timeZone }) => timeZone))];
  return [...new Set(zones.flatMap((zone) => cutsIn(span, zone, anchorDay)))].sort((left, right) => left - right);
}

function cutsIn({ startMs, endMs }: Span, timeZone: string, anchorDay: number): readonly number[] {
  const cuts: number[] = [];
  for (
    let period = periodAt(startMs, timeZone, anchorDay);
    period.span.endMs < endMs;
    period = shiftPeriod(period, 1)
  ) {
    cuts.push(period.span.endMs);
  }
  return cuts;
}
