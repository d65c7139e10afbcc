import type { AlertSeries } from '../../cli/alerts/report/alert-history.ts';
import { createAlertHistory } from '../../cli/alerts/report/alert-history.ts';
import type { Gap } from '../../cli/alerts/report/gaps.ts';
import type { Window } from '../../cli/alerts/report/window.ts';

type Labels = Readonly<Record<string, string>>;

/** What ALERTS showed of one set of labels, a character a step: `F` firing, `p` pending, anything else nothing. */
export interface Track {
  readonly labels: Labels;
  readonly track: string;
}

export const minute = 60_000;

/** Steps of a minute from a round hour on, as many as the longest track has. */
export function windowOfMinutes(minutes: number): Window {
  const startMs = Date.UTC(2026, 2, 2);
  return { startMs, endMs: startMs + (minutes - 1) * minute, stepMs: minute };
}

/** The tracks as a history that was told in pieces of some steps. */
export function historyOf(
  tracks: readonly Track[],
  {
    window,
    gaps = [],
    piece = 7,
  }: { readonly window: Window; readonly gaps?: readonly Gap[]; readonly piece?: number },
): readonly AlertSeries[] {
  const history = createAlertHistory(window, gaps);
  const steps = (window.endMs - window.startMs) / window.stepMs + 1;
  for (let first = 0; first < steps; first += piece) {
    history.add(
      tracks.flatMap(({ labels, track }) =>
        (['firing', 'pending'] as const).flatMap((alertstate) => {
          const shown = [...track.slice(first, first + piece)].flatMap((each, index) =>
            each === (alertstate === 'firing' ? 'F' : 'p') ? [window.startMs + (first + index) * window.stepMs] : [],
          );
          if (shown.length === 0) return [];
          return [
            {
              labels: { __name__: 'ALERTS', alertstate, ...labels },
              timesMs: Float64Array.from(shown),
              values: new Float64Array(shown.length).fill(1),
            },
          ];
        }),
      ),
    );
  }
  return history.end();
}
