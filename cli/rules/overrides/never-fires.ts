import type { SyntaxNode } from '@lezer/common';
import { ConfigError } from '../../../kit/errors.ts';
import type { Expr } from '../../../metrics/promql.ts';
import type { Alert } from '../../../rules/alert.ts';
import { type ThresholdName, thresholds } from '../../../rules/thresholds.ts';
import { ancestorsOf, nodesOf } from '../promql/syntax.ts';
import type { Overrides } from './overrides.ts';
import { thresholdOrders } from './threshold-orders.ts';
import { type Range, rangeOf } from './threshold-value.ts';

/**
 * A threshold at the end of what its series can be: an alert with it would never fire, or always. And thresholds of one
 * quantity in the wrong order: the severe alert would come first.
 */
export function checkThresholds(alerts: readonly Alert[], { file, thresholds: given }: Overrides): void {
  for (const name of Object.keys(given) as ThresholdName[]) {
    for (const alert of alerts) checkAgainstRange(alert, name, `${file}: thresholds.${name}`);
  }
  for (const [lower, higher] of thresholdOrders(Object.keys(thresholds))) {
    const inForce = (name: ThresholdName): number => given[name] ?? thresholds[name].value;
    const isChanged = given[lower] !== undefined || given[higher] !== undefined;
    if (!isChanged || inForce(lower) < inForce(higher)) continue;
    const [changed, other] = given[lower] === undefined ? [higher, lower] : [lower, higher];
    throw new ConfigError(
      `${file}: thresholds.${changed} must be ${changed === lower ? 'below' : 'above'} ${other} (${inForce(other)}), got ${inForce(changed)}; else the severe alert fires first`,
    );
  }
}

function checkAgainstRange(alert: Alert, name: ThresholdName, where: string): void {
  const range = rangeOf(name, thresholds[name]);
  for (const comparison of comparisonsWith(alert.expr, name)) {
    const verdict = verdictOf(comparison, range);
    if (verdict === undefined) continue;
    const { operator, value } = comparison;
    throw new ConfigError(
      `${where} is ${value}, with which ${alert.name} ${verdict}: it asks for "${operator} ${value}", and ${range.words} is possible; use disabled: true to switch the alert off`,
    );
  }
}

/** What cannot be true ends the alert; what is always true only matters where the alert asks for nothing else. */
function verdictOf({ operator, value, isAll }: Comparison, { min, max }: Range): string | undefined {
  const never = { '>': value >= max, '>=': value > max, '<': value <= min, '<=': value < min }[operator];
  const always = { '>': value < min, '>=': value <= min, '<': value > max, '<=': value >= max }[operator];
  if (never === true) return 'never fires';
  return isAll && always === true ? 'always fires' : undefined;
}

interface Comparison {
  readonly operator: string;
  readonly value: number;
  /** The alert asks for nothing else. */
  readonly isAll: boolean;
}

const operators: Readonly<Record<string, string>> = { Gtr: '>', Gte: '>=', Lss: '<', Lte: '<=' };

/** Where the expression compares something with the parameter alone; in a product or a sum it says nothing about the range. */
function comparisonsWith(expr: Expr, parameter: string): readonly Comparison[] {
  const starts = new Map<number, number>();
  let from = 0;
  for (const part of expr.parts) {
    if (typeof part !== 'string' && part.parameter === parameter) starts.set(from, part.value);
    from += typeof part === 'string' ? part.length : String(part.value).length;
  }
  if (starts.size === 0) return [];
  return nodesOf(expr.promql).flatMap((node) => {
    const value = node.name === 'NumberDurationLiteral' ? starts.get(node.from) : undefined;
    const operator = operatorLeftOf(node);
    if (value === undefined || operator === undefined || isOptional(node)) return [];
    return [{ operator, value, isAll: node.parent?.parent?.name === 'PromQL' }];
  });
}

function operatorLeftOf(node: SyntaxNode): string | undefined {
  const { parent } = node;
  if (parent?.name !== 'BinaryExpr' || parent.lastChild?.from !== node.from) return undefined;
  return operators[parent.firstChild?.nextSibling?.name ?? ''];
}

/** One side of an `or`, or what is left out: the alert may fire without it. */
function isOptional(node: SyntaxNode): boolean {
  return ancestorsOf(node).some(
    (above) =>
      above.name === 'BinaryExpr' &&
      (above.getChild('Or') !== null ||
        (above.getChild('Unless') !== null && node.from >= (above.lastChild?.from ?? 0))),
  );
}
