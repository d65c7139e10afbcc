import { withDeadline } from '../../../kit/deadline.ts';
import { reasonOf, SourceError } from '../../../kit/errors.ts';
import { timeText } from '../ledger/check-window.ts';
import type { Ledger, Recorded, WindowRecord } from '../ledger/ledger.ts';
import type { Span } from '../span.ts';
import type { Coverage, MeteredWindow } from '../usage.ts';
import type { Pair, ReadWindows } from './window-reader.ts';

export interface MeterDeps {
  readonly read: ReadWindows;
  readonly ledger: Pick<Ledger, 'record'>;
  readonly readDeadlineMs: number;
}

export interface MeterRequest extends Pair {
  readonly windows: readonly Span[];
  /** As they are recorded, where they are. */
  readonly known?: readonly WindowRecord[];
  readonly signal: AbortSignal;
}

/** What has become of windows that were to be metered. */
export interface MeterOutcome {
  readonly recorded: readonly Recorded[];
  /** They wait for data. */
  readonly held: readonly { readonly span: Span; readonly coverage: Coverage }[];
  /** More of them was seen when they were recorded than now, so they stay as they are. */
  readonly kept: readonly Span[];
  readonly failed: readonly FailedWindow[];
  /** Those that were not tried, because everything failed. */
  readonly untried: readonly Span[];
  /** That were read; 0 where that failed. */
  readonly samples: number;
}

export interface FailedWindow {
  readonly span: Span;
  readonly reason: string;
}

/** So many windows may fail one after the other until the rest is left for later. */
const failuresInARow = 2;

/** Reads windows and records them. If that fails, each is tried by itself, so that one that cannot be metered blocks no other. */
export async function meterWindows(request: MeterRequest, deps: MeterDeps): Promise<MeterOutcome> {
  const { windows } = request;
  if (windows.length === 0) return nothing;
  try {
    return await meterTogether(request, deps);
  } catch (error) {
    request.signal.throwIfAborted();
    const [only] = windows;
    if (windows.length === 1 && only !== undefined) {
      return { ...nothing, failed: [{ span: only, reason: reasonOf(error) }] };
    }
  }
  return meterOneByOne(request, deps);
}

const nothing: MeterOutcome = { recorded: [], held: [], kept: [], failed: [], untried: [], samples: 0 };

async function meterOneByOne(request: MeterRequest, deps: MeterDeps): Promise<MeterOutcome> {
  let all = nothing;
  let failures = 0;
  for (const [index, span] of request.windows.entries()) {
    const outcome = await meterWindows({ ...request, windows: [span] }, deps);
    all = joined(all, outcome);
    failures = outcome.failed.length > 0 ? failures + 1 : 0;
    if (failures === failuresInARow) return { ...all, untried: request.windows.slice(index + 1) };
  }
  return all;
}

function joined(a: MeterOutcome, b: MeterOutcome): MeterOutcome {
  return {
    recorded: [...a.recorded, ...b.recorded],
    held: [...a.held, ...b.held],
    kept: [...a.kept, ...b.kept],
    failed: [...a.failed, ...b.failed],
    untried: [],
    samples: a.samples + b.samples,
  };
}

async function meterTogether(
  request: MeterRequest,
  { read, ledger, readDeadlineMs }: MeterDeps,
): Promise<MeterOutcome> {
  const { cluster, meter, windows, known = [] } = request;
  const late = new SourceError(`no answer within ${Math.round(readDeadlineMs / 1000)} s`);
  const found = await withDeadline({ ms: readDeadlineMs, late, outer: request.signal }, (signal) =>
    read({ cluster, meter, windows, signal }),
  );
  const metered = windows.map((span) => windowOf(span, found, request));
  const kept = metered.filter((window) => isWorse(window, known));
  const held = metered.filter((window) => window.coverage.isHeld && !kept.includes(window));
  const billable = metered.filter((window) => !kept.includes(window) && !held.includes(window));
  request.signal.throwIfAborted();
  const recorded = billable.length === 0 ? [] : await ledger.record(billable);
  return {
    ...nothing,
    recorded,
    held: held.map(({ span, coverage }) => ({ span, coverage })),
    kept: kept.map(({ span }) => span),
    // Windows that were read together tell of all of them.
    samples: Math.max(...metered.map(({ evidence }) => evidence.samples)),
  };
}

function windowOf(span: Span, found: readonly MeteredWindow[], { cluster, meter }: Pair): MeteredWindow {
  const window = found.find(
    (each) =>
      each.span.startMs === span.startMs &&
      each.span.endMs === span.endMs &&
      each.cluster === cluster &&
      each.meter === meter,
  );
  if (window !== undefined) return window;
  throw new SourceError(
    `the source gave no window of ${meter} in ${cluster} from ${timeText(span.startMs)} to ${timeText(span.endMs)}`,
  );
}

/** A Prometheus that has lost data, or is down, must not take back what was known. */
function isWorse({ span, coverage }: MeteredWindow, known: readonly WindowRecord[]): boolean {
  const before = known.find((each) => each.span.startMs === span.startMs && each.span.endMs === span.endMs);
  return before !== undefined && (coverage.isHeld || coverage.seenScrapes < before.coverage.seenScrapes);
}
