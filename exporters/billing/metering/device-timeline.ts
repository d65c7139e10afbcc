import { exact, minus, nothing, one, plus } from '../exact.ts';
import type { Span } from '../span.ts';
import type { ExactQuantity } from '../usage.ts';
import type { DeviceInput } from './accrual.ts';
import { type Counted, createRows, type GpuSettings, type Row } from './device-rows.ts';
import { createSweep } from './device-sweep.ts';
import { defaultLagMs } from './growth.ts';
import { settledHoldings } from './settled-holdings.ts';
import { unionOf } from './spans.ts';

/** The device was this, `times` times, in each ms. */
export interface Stretch extends Span {
  readonly row: Row;
  readonly times: number;
}

/** What a device was, moment by moment: in every ms of its installation the shares of all rows are 1 together. */
export interface Timeline {
  readonly installed: readonly Span[];
  /** Ascend by start. */
  readonly stretches: readonly Stretch[];
  /** Where they are not: the sum of the shares less what is installed. */
  readonly errors: readonly (Span & { readonly error: ExactQuantity })[];
}

/**
 * Classifies every moment of a GPU. Whoever holds it uses it, whatever else is said; what nobody holds is unavailable if somebody says so, or if it was
 * not seen; the rest is idle. An instance that exists and is not held is idle under its own SKU; what no instance takes is idle under that of the GPU.
 */
export function timelineOf(device: DeviceInput, settings: GpuSettings, report: (problem: string) => void): Timeline {
  const { toleranceMs = defaultLagMs } = settings;
  const installed = unionOf(device.installed);
  const sweep = createSweep(device, installed, settledHoldings(device, installed, toleranceMs));
  const rowsAt = createRows(device, settings, report);
  const stretches = collectStretches();
  const errors: (Span & { readonly error: ExactQuantity })[] = [];
  for (let at = 0; at + 1 < sweep.edges.length; at++) {
    const [startMs = 0, endMs = 0] = [sweep.edges[at], sweep.edges[at + 1]];
    const moment = sweep.at(startMs);
    if (!moment.isInstalled && moment.holders.length === 0) continue;
    const counted = rowsAt(moment);
    for (const { row, times } of counted) stretches.add({ startMs, endMs, row, times });
    const error = minus(sharesOf(counted), moment.isInstalled ? one : nothing);
    if (error.num !== 0n) errors.push({ startMs, endMs, error });
  }
  return { installed, stretches: stretches.list, errors };
}

function sharesOf(counted: readonly Counted[]): ExactQuantity {
  let sum = nothing;
  for (const { row, times } of counted) {
    const { num, den } = row.key.share;
    sum = plus(sum, exact(BigInt(num) * BigInt(times), BigInt(den)));
  }
  return sum;
}

/** Stretches that go on are one. */
function collectStretches(): { readonly list: readonly Stretch[]; readonly add: (stretch: Stretch) => void } {
  const list: (Stretch & { endMs: number })[] = [];
  const last = new Map<Row, Stretch & { endMs: number }>();
  return {
    list,
    add: ({ startMs, endMs, row, times }) => {
      const before = last.get(row);
      if (before?.endMs === startMs && before.times === times) {
        before.endMs = endMs;
        return;
      }
      const stretch = { startMs, endMs, row, times };
      list.push(stretch);
      last.set(row, stretch);
    },
  };
}
