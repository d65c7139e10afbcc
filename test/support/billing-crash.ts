import type { Pair } from '../../exporters/billing/collection/window-reader.ts';
import type { Span } from '../../exporters/billing/span.ts';
import type { MeteredWindow } from '../../exporters/billing/usage.ts';
import { at, fullCoverage, usage } from './billing-ledger.ts';

/** What a process that is killed meters: minutes of two clusters, of which it never gets to the end. */
export const crashWindowMs = 60_000;
export const crashStart = at('2026-10-31T20:00:00Z');
export const crashNow = at('2027-03-01T00:00:00Z');
export const crashPairs: readonly Pair[] = ['east', 'west'].map((cluster) => ({ cluster, meter: 'gpu_time' }));
const gpus = 40;

/** The same for the same version. A later version says something else of every third window, as late data does. */
export function crashWindow({ cluster, meter }: Pair, span: Span, version: number): MeteredWindow {
  const minute = span.startMs / crashWindowMs;
  const said = minute % 3 === 0 ? version : 0;
  return {
    cluster,
    meter,
    span,
    usages: Array.from({ length: gpus }, (_, gpu) =>
      usage(`gpu-${gpu}`, BigInt(1 + ((minute * 31 + gpu * 7 + said * 13) % 60_000)), {
        cluster,
        meter,
        holder: { namespace: `team-${(minute + said) % 5}`, pod: `job-${Math.floor(minute / 50)}-${gpu}` },
      }),
    ),
    coverage: fullCoverage,
    conservation: undefined,
    evidence: { source: 'crash', queries: [], samples: gpus },
  };
}
