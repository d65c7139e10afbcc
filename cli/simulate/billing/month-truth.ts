import type { Span } from '../../../exporters/billing/span.ts';
import type { Month, MonthGpu, MonthPod, Slot } from './month.ts';
import { intersect, lengthMs, subtract, union } from './spans.ts';

/** A pod had something, from when until when, exactly. */
export interface TrueHold {
  readonly slot: Slot;
  readonly pod: MonthPod;
  readonly span: Span;
}

export function trueHolds({ pods }: Pick<Month, 'pods'>, within: Span): readonly TrueHold[] {
  return pods.flatMap((pod) =>
    intersect([pod.span], [within]).flatMap((span) => pod.slots.map((slot) => ({ slot, pod, span }))),
  );
}

/** Milliseconds of one GPU; of one that is shared or cut, those in which anybody had a part of it are used. */
export interface TrueStates {
  readonly installedMs: number;
  readonly usedMs: number;
  readonly idleMs: number;
  /** By reason; what is used counts as used. */
  readonly unavailableMs: Readonly<Record<'not_ready' | 'cordoned' | 'lost', number>>;
}

export function trueStates(month: Month, gpu: MonthGpu, within: Span): TrueStates {
  const installed = intersect(
    gpu.installed.map(({ span }) => span),
    [within],
  );
  const used = union(trueHolds(month, within).flatMap(({ slot, span }) => (slot.uuid === gpu.uuid ? [span] : [])));
  const of = (which: 'notReady' | 'cordoned'): readonly Span[] =>
    gpu.installed.flatMap(({ node, span }) =>
      intersect([span], month.nodes.find(({ name }) => name === node)?.[which] ?? []),
    );
  const notReady = subtract(intersect(installed, of('notReady')), used);
  const lost = subtract(intersect(installed, gpu.lost), [...used, ...notReady]);
  const cordoned = subtract(intersect(installed, of('cordoned')), [...used, ...notReady, ...lost]);
  const idle = subtract(installed, [...used, ...notReady, ...lost, ...cordoned]);
  return {
    installedMs: lengthMs(installed),
    usedMs: lengthMs(used),
    idleMs: lengthMs(idle),
    unavailableMs: { not_ready: lengthMs(notReady), lost: lengthMs(lost), cordoned: lengthMs(cordoned) },
  };
}
