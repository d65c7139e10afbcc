import { invalid, listOf, optional, type Place, textOf } from '../../../../kit/config-values.ts';
import { parseDuration } from '../../../../kit/options/duration.ts';
import { durationMsOf } from './fields.ts';

export interface WindowSettings {
  /** Length of a window; windows are aligned to 1970-01-01T00:00:00Z. */
  readonly windowMs: number;
  /** A window is metered so long after its end. */
  readonly delayMs: number;
  /** Their usage is state `system` and nobody pays for it. */
  readonly systemNamespaces: readonly string[];
}

const allowed = ['1m', '5m', '10m', '15m', '30m', '1h'] as const;
const maxNamespaces = 200;

/** Reads `window`, `delay` and `system_namespaces` of the configuration. Throws ConfigError that names the place. */
export function readWindowSettings(window: Place, delay: Place, systemNamespaces: Place): WindowSettings {
  const given = systemNamespaces.value === undefined || systemNamespaces.value === null;
  return {
    windowMs: optional(window, windowOf) ?? 3_600_000,
    delayMs: optional(delay, (each) => durationMsOf(each, 1, 86_400)) ?? 600_000,
    systemNamespaces: given ? ['kube-system'] : listOf(systemNamespaces, maxNamespaces).map(textOf),
  };
}

function windowOf(place: Place): number {
  const seconds = allowed.some((each) => each === place.value) ? parseDuration(String(place.value)) : undefined;
  if (seconds === undefined) throw invalid(place, `one of ${allowed.join(', ')}`);
  return seconds * 1000;
}
