import { absolute, exact, nothing, plus, times } from '../exact.ts';
import type { Span } from '../span.ts';
import type { Conservation, ExactQuantity, Usage } from '../usage.ts';
import type { DeviceInput } from './accrual.ts';
import { conservationOf } from './conserve.ts';
import type { GpuSettings, Row } from './device-rows.ts';
import { type Timeline, timelineOf } from './device-timeline.ts';
import { lengthOf, unionOf, within } from './spans.ts';

export type { GpuSettings } from './device-rows.ts';

export interface MeteredGpus {
  /** One for each span, in their order. */
  readonly windows: readonly GpuWindow[];
  /** What could only be guessed, such as the share of an unknown MIG profile; each once. */
  readonly problems: readonly string[];
}

export interface GpuWindow {
  readonly span: Span;
  /** Of the meter gpu_time; sorted, one for each key, none with quantity 0. */
  readonly usages: readonly Usage[];
  readonly conservation: Conservation;
}

/**
 * GPU time of each window, of devices of one cluster. Quantities are ms of wall time of what `share` says, so that for each device the sum of
 * quantity × share over all rows is the time for which it was installed, exactly. A GPU that moved is there once for each node, and conserved by its
 * UUID. Which window a ms is in changes nothing about what it is, so any partition of a period has the same sums.
 */
export function meterGpus(devices: readonly DeviceInput[], spans: readonly Span[], settings: GpuSettings): MeteredGpus {
  const problems = new Set<string>();
  const timelines = new Map<string, Timeline[]>();
  for (const device of devices) {
    const ofGpu = timelines.get(device.uuid) ?? [];
    ofGpu.push(timelineOf(device, settings, (problem) => problems.add(problem)));
    timelines.set(device.uuid, ofGpu);
  }
  const windows = spans.map((span) => windowOf(timelines, span));
  return { windows, problems: [...problems].sort() };
}

function windowOf(timelines: ReadonlyMap<string, readonly Timeline[]>, span: Span): GpuWindow {
  const usages: { readonly text: string; readonly usage: Usage }[] = [];
  const errors = new Map<string, ExactQuantity>();
  let [devices, installedMs] = [0, 0];
  for (const [uuid, ofGpu] of timelines) {
    const installed = installedOf(ofGpu, span);
    for (const [{ key, text }, quantity] of quantitiesOf(ofGpu, span))
      usages.push({ text, usage: { ...key, quantity: BigInt(quantity) } });
    errors.set(uuid, absolute(plus(errorOf(ofGpu, span), exact(BigInt(installed.counted - installed.ms)))));
    installedMs += installed.ms;
    if (installed.ms > 0) devices++;
  }
  usages.sort((left, right) => (left.text < right.text ? -1 : Number(left.text > right.text)));
  return { span, usages: usages.map(({ usage }) => usage), conservation: conservationOf(devices, installedMs, errors) };
}

/** ms: installed anywhere. counted: the sum over the places, which is more if the GPU is said to be at two places at once. */
function installedOf(timelines: readonly Timeline[], span: Span): { readonly ms: number; readonly counted: number } {
  const parts = timelines.map(({ installed }) => within(installed, span));
  const counted = parts.reduce((sum, part) => sum + lengthOf(part), 0);
  return { ms: parts.length === 1 ? counted : lengthOf(unionOf(parts.flat())), counted };
}

function quantitiesOf(timelines: readonly Timeline[], span: Span): Iterable<readonly [Row, number]> {
  const quantities = new Map<string, [Row, number]>();
  for (const { row, startMs, endMs, times } of timelines.flatMap(({ stretches }) => stretches)) {
    const length = Math.min(endMs, span.endMs) - Math.max(startMs, span.startMs);
    if (length <= 0) continue;
    const entry = quantities.get(row.text);
    if (entry === undefined) quantities.set(row.text, [row, length * times]);
    else entry[1] += length * times;
  }
  return quantities.values();
}

function errorOf(timelines: readonly Timeline[], span: Span): ExactQuantity {
  let sum = nothing;
  for (const { errors } of timelines)
    for (const { startMs, endMs, error } of errors) {
      const length = Math.min(endMs, span.endMs) - Math.max(startMs, span.startMs);
      if (length > 0) sum = plus(sum, times(error, exact(BigInt(length))));
    }
  return sum;
}
