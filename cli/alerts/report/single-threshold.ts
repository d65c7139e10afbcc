import { type Expr, withParameters } from '../../../metrics/promql.ts';
import type { Alert } from '../../../rules/alert.ts';
import { type ThresholdName, thresholds } from '../../../rules/thresholds.ts';

/** An alert whose expression compares one value with one number that a site may set. */
export interface SingleThreshold {
  readonly name: ThresholdName;
  readonly unit: string;
  readonly value: number;
  readonly isBelow: boolean;
  /** The alert's own expression with that number; its result holds the value that is compared, where the comparison is true. */
  readonly expr: (value: number) => string;
}

/** Undefined for every other shape: a margin beside a limit, two comparisons joined by `or`, a comparison within a sum. */
export function singleThreshold({
  expr,
  thresholds: names = [],
}: Pick<Alert, 'expr' | 'thresholds'>): SingleThreshold | undefined {
  const [name, ...more] = names;
  if (name === undefined || more.length > 0) return undefined;
  const operator = comparisonBefore(expr, name);
  if (operator === undefined) return undefined;
  const { unit, value } = thresholds[name];
  return {
    name,
    unit,
    value,
    isBelow: operator.startsWith('<'),
    expr: (other) => withParameters(expr, { [name]: other }).promql,
  };
}

function comparisonBefore({ parts }: Expr, name: string): string | undefined {
  const at = parts.flatMap((part, index) => (typeof part === 'object' && part.parameter === name ? [index] : []));
  const [only = -1, ...again] = at;
  if (only < 0 || again.length > 0) return undefined;
  const text = parts.map((part) => (typeof part === 'string' ? part : String(part.value)));
  const [before, after] = [text.slice(0, only).join(''), text.slice(only + 1).join('')];
  if (/\bor\b/.test(before + after) || /^\s*[-+*/%^]/.test(after) || isWithinCall(before)) return undefined;
  return /(>=|<=|>|<)\s*$/.exec(before)?.[1];
}

/** True if a bracket is open that belongs to a function or an aggregation. */
function isWithinCall(text: string): boolean {
  const open: boolean[] = [];
  for (const [index, character] of [...text].entries()) {
    if (character === '(')
      open.push(/[\w)]\s*$/.test(text.slice(0, index)) && !/\b(and|unless|on|ignoring)\s*$/.test(text.slice(0, index)));
    if (character === ')') open.pop();
  }
  return open.includes(true);
}
