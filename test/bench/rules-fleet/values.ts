import { catalogue } from '../../../metrics/index.ts';

/** The value of a series at a time, in seconds; `phase` from 0 to 1 sets one thing apart from the next. */
export type ValueAt = (seconds: number, phase: number) => number;

/** A fleet without faults: gauges wander in their usual range, work is counted, errors stay where they are. */
export function valuesOf(name: string): ValueAt {
  const metric = catalogue.get(name);
  const steady = steadyValues.find(([pattern]) => pattern.test(name));
  if (steady !== undefined) return () => steady[1];
  if (/_timestamp_seconds$/.test(name)) return (seconds, phase) => Math.floor(seconds - 5 - 5 * phase);
  if (metric?.kind === 'info') return () => 1;
  if (/_bucket$|_sum$|_count$|_total$/.test(name)) return counter(name);
  return gauge(metric?.unit);
}

/** What stays as it is while nothing is wrong, by the end of the name. */
const steadyValues: readonly (readonly [RegExp, number])[] = [
  [/xid_last_timestamp_seconds$|log_newest_timestamp_seconds$/, 1.7e9],
  [/_up$|_success$|_successful$|_responsive$|_coverage_ratio$|_leader$/, 1],
  [/critical_celsius$/, 95],
  [/memory_total_bytes$/, 141e9],
  [/(?:slowdown|shutdown|max)_temperature_celsius$|temperature_limit_celsius$/, 92],
  [/limit_watts$/, 700],
  [/pcie_link_width(?:_max)?$/, 16],
  [/pcie_link_generation(?:_max)?$/, 5],
  [/clock_event_active$|risk_score$|failure_probability$|_missing$|_drift$|_failed$|_pending$|unattributed_ratio$/, 0],
];

function counter(name: string): ValueAt {
  const isFault =
    /error|fail|xid|drop|refus|reject|restart|spike|nonfinite|retir|remap|replay|thrott|preempt|reset|lost|anomal|limited|wasted/;
  if (isFault.test(name)) return (_, phase) => (phase > 0.99 ? 3 : 0);
  const rate = /seconds|joules/.test(name) ? 0.6 : 20;
  return (seconds, phase) => Math.floor((seconds % 1e6) * rate * (0.5 + phase));
}

function gauge(unit: string | undefined): ValueAt {
  const [low, high] = ranges[unit ?? ''] ?? [0, 0];
  const period = 1800;
  return (seconds, phase) => {
    const wave = Math.sin(2 * Math.PI * (seconds / period + phase)) + 0.3 * Math.sin(seconds * (0.11 + phase));
    return Number((low + ((wave + 1.3) / 2.6) * (high - low)).toPrecision(5));
  };
}

/** From the least to the most, by unit. Counts of things that are wrong have none: they are zero. */
const ranges: Readonly<Record<string, readonly [number, number]>> = {
  celsius: [50, 68],
  ratio: [0.4, 0.7],
  bytes: [30e9, 60e9],
  watts: [350, 600],
  hertz: [1.2e9, 1.9e9],
  seconds: [0.5, 2],
};
