import type { LabelName } from '../metrics/labels.ts';
import type { Duration } from '../metrics/promql.ts';
import { duration, fieldsOf, nonEmptyListOf, optional, positiveDuration, refused } from './checks.ts';

type Span = Duration['duration'];

/** Labels whose alerts share one message. */
export interface Grouping {
  readonly default?: readonly string[];
  /** For critical alerts about GPUs of a known node. */
  readonly gpu_pages?: readonly string[];
  /** For critical alerts about LLM serving that name a model. */
  readonly model_pages?: readonly string[];
}

export interface Intervals {
  /** How long the first alert of a group waits for others. */
  readonly group_wait?: Span;
  /** How long a group waits before it tells of new alerts in it. */
  readonly group_interval?: Span;
  /** When to remind of a critical alert that still fires. */
  readonly repeat?: Span;
  /** When to remind of a warning that still fires. */
  readonly repeat_warnings?: Span;
  /** How often warnings about money are told, all in one message. */
  readonly digest?: Span;
  /** Rest between two heartbeats, to which up to one minute is added. */
  readonly heartbeat?: Span;
}

/** One node is one page, however many of its GPUs and alerts are in it; and so is one model with all its objectives. */
export const defaultGrouping = {
  default: ['cluster', 'alertname', 'domain'],
  gpu_pages: ['cluster', 'node'],
  model_pages: ['cluster', 'model_name'],
} as const satisfies Grouping & Record<string, readonly (LabelName | 'domain')[]>;

export const defaultIntervals = {
  group_wait: '30s',
  group_interval: '5m',
  repeat: '4h',
  repeat_warnings: '12h',
  digest: '1d',
  heartbeat: '4m',
} as const satisfies Required<Intervals>;

export function parseGrouping(value: unknown, path: string): Grouping {
  const fields = fieldsOf(value, path, Object.keys(defaultGrouping));
  return {
    ...optional(fields, 'default', labelNames),
    ...optional(fields, 'gpu_pages', labelNames),
    ...optional(fields, 'model_pages', labelNames),
  };
}

export function parseIntervals(value: unknown, path: string): Intervals {
  const fields = fieldsOf(value, path, Object.keys(defaultIntervals));
  return {
    ...optional(fields, 'group_wait', duration),
    ...optional(fields, 'group_interval', positiveDuration),
    ...optional(fields, 'repeat', positiveDuration),
    ...optional(fields, 'repeat_warnings', positiveDuration),
    ...optional(fields, 'digest', positiveDuration),
    ...optional(fields, 'heartbeat', positiveDuration),
  };
}

const labelNames = nonEmptyListOf((value, path): string => {
  if (typeof value === 'string' && /^[a-zA-Z_][a-zA-Z0-9_]*$/.test(value)) return value;
  throw refused(path, value, 'the name of a label such as node');
});
