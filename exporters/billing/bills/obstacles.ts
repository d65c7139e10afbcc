import type { Watermark } from '../ledger/ledger.ts';
import type { Span } from '../span.ts';
import type { AcceptedObstacle, BillEvidence, MeterEvidence } from './bill.ts';
import { coverageOf } from './bill-evidence.ts';

/** In the order in which they are worth looking at. */
export const obstacleKinds = [
  'unattributed',
  'not_over',
  'not_metered',
  'watermark',
  'held',
  'conservation',
  'coverage',
  'problem',
] as const;
export type ObstacleKind = (typeof obstacleKinds)[number];

/** Kinds that somebody may take responsibility for, with a reason that stays on the bill. */
export const acceptableKinds = [
  'watermark',
  'held',
  'conservation',
  'coverage',
] as const satisfies readonly ObstacleKind[];
export type AcceptableKind = (typeof acceptableKinds)[number];

/** Why a bill cannot be closed, and what would change that. */
export interface Obstacle {
  readonly kind: ObstacleKind;
  readonly message: string;
}

/** Reasons by the kind of obstacle that they are for. */
export type Acceptance = Readonly<Partial<Record<AcceptableKind, string>>>;

export interface Readiness {
  readonly span: Span;
  readonly nowMs: number;
  readonly watermarks: readonly Watermark[];
  readonly evidence: BillEvidence;
  readonly minCoverage: number;
  /** Cluster and meter that must have been metered, where the configuration knows. */
  readonly expected?: readonly { readonly cluster: string; readonly meter: string }[];
}

/** Those that are the same for all tenants. */
export function obstaclesOfPeriod(readiness: Readiness): readonly Obstacle[] {
  const { span, nowMs, evidence, minCoverage } = readiness;
  const isOver = nowMs >= span.endMs;
  return [
    ...(isOver
      ? []
      : [{ kind: 'not_over', message: `the period ends at ${instant(span.endMs)}; close it after that` } as const]),
    ...notMetered(readiness),
    // What is not over cannot be metered to its end, and says so once.
    ...(isOver ? [...behind(readiness), ...evidence.meters.flatMap((meter) => incomplete(meter, readiness))] : []),
    ...evidence.meters.flatMap((meter) => [...held(meter), ...unequal(meter), ...uncovered(meter, minCoverage)]),
  ];
}

/** What is left after some were accepted, and what was accepted. */
export function withAccepted(
  obstacles: readonly Obstacle[],
  acceptance: Acceptance,
): { readonly left: readonly Obstacle[]; readonly accepted: readonly AcceptedObstacle[] } {
  const reasons: Readonly<Partial<Record<ObstacleKind, string>>> = acceptance;
  const reasonFor = (kind: ObstacleKind): string | undefined =>
    acceptableKinds.some((each) => each === kind) ? reasons[kind] : undefined;
  return {
    left: obstacles.filter(({ kind }) => reasonFor(kind) === undefined),
    accepted: obstacles.flatMap(({ kind, message }) => {
      const reason = reasonFor(kind);
      return reason === undefined ? [] : [{ kind, message, reason }];
    }),
  };
}

function notMetered({ watermarks, evidence, span, nowMs, expected = [] }: Readiness): readonly Obstacle[] {
  if (watermarks.length === 0)
    return [{ kind: 'not_metered', message: 'nothing was metered so far; start the exporter or back-fill the period' }];
  if (evidence.meters.length === 0 && nowMs >= span.endMs)
    return [
      {
        kind: 'not_metered',
        message: `nothing was metered between ${instant(span.startMs)} and ${instant(span.endMs)}; back-fill it`,
      },
    ];
  const known = new Set(watermarks.map(nameOf));
  return expected
    .filter((each) => !known.has(nameOf(each)))
    .map((each) => ({
      kind: 'not_metered',
      message: `${nameOf(each)} was never metered; see its source, or take the meter out of the configuration`,
    }));
}

/** A cluster that began after the period has no part in it. */
function behind({ span, watermarks }: Readiness): readonly Obstacle[] {
  return watermarks
    .filter(({ fromMs, untilMs }) => fromMs < span.endMs && untilMs < span.endMs)
    .map((watermark) => ({
      kind: 'watermark',
      message: `${nameOf(watermark)} is metered until ${instant(watermark.untilMs)} and must reach ${instant(span.endMs)}; wait for it, back-fill it, or accept it if the cluster is gone`,
    }));
}

/** What begins within the period, or has a hole in it. What ends before the period does is said of the watermark. */
function incomplete(meter: MeterEvidence, { span, watermarks }: Readiness): readonly Obstacle[] {
  const missingMs = span.endMs - span.startMs - (meter.meteredMs ?? 0);
  const isBehind = watermarks.some((each) => nameOf(each) === nameOf(meter) && each.untilMs < span.endMs);
  if (missingMs <= 0 || isBehind) return [];
  const from = meter.fromMs > span.startMs ? `only from ${instant(meter.fromMs)} on` : 'with holes';
  return [
    {
      kind: 'watermark',
      message: `${nameOf(meter)} is metered ${from}: ${missingMs / 3_600_000} h of the period, which begins at ${instant(span.startMs)}, are missing; back-fill them, or accept it if there was nothing to meter`,
    },
  ];
}

function held(meter: MeterEvidence): readonly Obstacle[] {
  if (meter.heldWindows === 0) return [];
  return [
    {
      kind: 'held',
      message: `${nameOf(meter)} holds ${meter.heldWindows} of ${meter.windows} windows because data is missing; back-fill Prometheus and meter them again, or choose another policy for gaps`,
    },
  ];
}

function unequal(meter: MeterEvidence): readonly Obstacle[] {
  const { conservation } = meter;
  if (conservation === undefined || conservation.error === '0') return [];
  return [
    {
      kind: 'conservation',
      message: `${nameOf(meter)}: used, idle, unavailable and system differ from what is installed by ${conservation.error} GPU milliseconds; the windows name the devices`,
    },
  ];
}

function uncovered(meter: MeterEvidence, minCoverage: number): readonly Obstacle[] {
  const coverage = coverageOf([meter]);
  if (coverage === undefined || coverage >= minCoverage) return [];
  return [
    {
      kind: 'coverage',
      message: `${nameOf(meter)} saw ${meter.seenScrapes} of ${meter.expectedScrapes} scrapes, ${percent(coverage)}, and ${percent(minCoverage)} are asked for; back-fill it`,
    },
  ];
}

function nameOf({ cluster, meter }: { readonly cluster: string; readonly meter: string }): string {
  return `${meter} of cluster ${cluster === '' ? '""' : cluster}`;
}

function instant(atMs: number): string {
  return new Date(atMs).toISOString();
}

/** Cut, not rounded: what is below a threshold is never shown as equal to it. */
function percent(ratio: number): string {
  return `${Math.floor(ratio * 100_000) / 1000} %`;
}
