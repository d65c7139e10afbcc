import type { SyntaxNode } from '@lezer/common';
import { ancestorsOf, textOf } from '../../../cli/rules/promql/syntax.ts';
import type { Expr } from '../../../metrics/promql.ts';
import { type Edit, type Kind, replace } from './edit.ts';

const comparisons = /^(?:Eql|Neq|Gtr|Lss|Gte|Lte)$/;

/** Each number a step up and down: by one for small counts, else by a quarter, which no margin of an example may exceed. */
export function numberEdits(expr: Expr, node: SyntaxNode): readonly Edit[] {
  if (node.name !== 'NumberDurationLiteral') return [];
  const value = Number(textOf(expr.promql, node));
  if (!Number.isFinite(value)) return [];
  const kind = kindOf(expr, node);
  return stepsOf(value).map((step) => replace(kind, node, String(Number(step.toPrecision(6)))));
}

function stepsOf(value: number): readonly number[] {
  if (Number.isInteger(value) && value <= 12) return [value - 1, value + 1];
  return [value * 0.8, value * 1.25];
}

/** A number is a threshold if it has a name or is compared with, whatever its sign. */
function kindOf(expr: Expr, node: SyntaxNode): Kind {
  if (parameterStarts(expr).includes(node.from)) return 'threshold';
  const [parent] = ancestorsOf(node).filter(({ name }) => name !== 'UnaryExpr' && name !== 'ParenExpr');
  const isCompared = parent?.name === 'BinaryExpr' && childrenOf(parent).some(({ name }) => comparisons.test(name));
  return isCompared ? 'threshold' : 'constant';
}

function parameterStarts({ parts }: Expr): readonly number[] {
  const starts: number[] = [];
  let at = 0;
  for (const part of parts) {
    if (typeof part !== 'string') starts.push(at);
    at += (typeof part === 'string' ? part : String(part.value)).length;
  }
  return starts;
}

function childrenOf(node: SyntaxNode): readonly SyntaxNode[] {
  const children: SyntaxNode[] = [];
  for (let child = node.firstChild; child !== null; child = child.nextSibling) children.push(child);
  return children;
}
