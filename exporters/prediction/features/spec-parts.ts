import type { Feature, PeerFeature, PeerGroup, Statistic, StatisticOf } from './feature-spec.ts';
import type { Window } from './windows.ts';

/** Statistics of a signal by window; their columns are called such as temperature_mean_1h. */
export function statisticsOf(
  signal: string,
  wanted: Partial<Readonly<Record<Window, readonly Statistic[]>>>,
): readonly Feature[] {
  return windowsOf(wanted).flatMap(([window, own]) =>
    own.map(
      (statistic) =>
        ({ is: 'statistic', name: `${signal}_${statistic}_${window}`, signal, statistic, window }) as const,
    ),
  );
}

function windowsOf(
  wanted: Partial<Readonly<Record<Window, readonly Statistic[]>>>,
): readonly (readonly [Window, readonly Statistic[]])[] {
  const order: readonly Window[] = ['1h', '6h', '24h', '7d', '30d', '90d'];
  return order.flatMap((window) => {
    const own = wanted[window];
    return own === undefined ? [] : [[window, own] as const];
  });
}

/** Difference from the median of each group, and the robust z within the first. */
export function peersOf(of: string, groups: readonly PeerGroup[], floor: number): readonly PeerFeature[] {
  const [first] = groups;
  const differences = groups.map((group) => peers(of, group, 'difference', floor));
  return first === undefined ? [] : [...differences, peers(of, first, 'robust_z', floor)];
}

function peers(of: string, group: PeerGroup, as: PeerFeature['as'], floor: number): PeerFeature {
  return { is: 'peers', name: `${of}_${as === 'difference' ? 'vs' : 'z'}_${group}`, of, group, as, floor };
}

export function statistic(signal: string, name: Statistic, window: Window): StatisticOf {
  return { signal, statistic: name, window };
}
