import { catalogue } from '../../../metrics/index.ts';

/** The value of a series at a time, in seconds; `phase` from 0 to 1 sets one thing apart from the next. */
export type ValueAt = (seconds: number, phase: number) => number;

/** A fleet without faults: gauges wander in their usual range, work is counted, errors stay where they are. */
export function valuesOf(name: string): ValueAt {
  const metric = catalogue.get(name);
  if (/_timestamp_seconds$/.test(name)) return (seconds, phase) => Math.floor(seconds - 5 - 5 * phase);
  if (metric?.kind === 'info' || /_up$|_success$/.test(name)) return () => 1;
  if (/_bucket$|_sum$|_count$|_total$/.test(name)) return counter(name);
  return gauge(metric?.unit, name);
}

function counter(name: string): ValueAt {
  const isFault =
    /error|fail|xid|drop|refus|reject|restart|spike|nonfinite|retir|remap|replay|thrott|preempt|reset|lost/;
  if (isFault.test(name)) return (_, phase) => Math.floor(3 * phase);
  const rate = /seconds|joules/.test(name) ? 0.6 : 20;
  return (seconds, phase) => Math.floor((seconds % 1e6) * rate * (0.5 + phase));
}

function gauge(unit: string | undefined, name: string): ValueAt {
  const [low, high] = rangeOf(unit, name);
  const period = 1800;
  return (seconds, phase) => {
    const wave = Math.sin(2 * Math.PI * (seconds / period + phase)) + 0.3 * Math.sin(seconds * (0.11 + phase));
    return Number((low + ((wave + 1.3) / 2.6) * (high - low)).toPrecision(5));
  };
}

function rangeOf(unit: string | undefined, name: string): readonly [number, number] {
  if (/temperature/.test(name)) return /max|slowdown|shutdown|limit/.test(name) ? [90, 90] : [50, 68];
  if (/_total_bytes$|_max$|width|generation|limit/.test(name)) return [16, 16];
  const ranges: Readonly<Record<string, readonly [number, number]>> = {
    ratio: [0.3, 0.7],
    bytes: [30e9, 60e9],
    watts: [350, 600],
    hertz: [1.2e9, 1.9e9],
    seconds: [0.5, 2],
  };
  return ranges[unit ?? ''] ?? (/^DCGM/.test(name) ? [10, 90] : [0, 0]);
}
