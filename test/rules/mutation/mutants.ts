import type { SyntaxNode } from '@lezer/common';
import { nodesOf } from '../../../cli/rules/promql/syntax.ts';
import type { Alert } from '../../../rules/alert.ts';
import { scaledDuration, secondsOf } from './durations.ts';
import { applyEdit, type Edit, type Kind } from './edit.ts';
import { functionEdits } from './functions.ts';
import { groupingEdits, matcherEdits, matchingEdits } from './labels.ts';
import { numberEdits } from './numbers.ts';
import { boolEdits, operatorEdits, sideEdits } from './operators.ts';
import { offsetEdits, rangeEdits } from './windows.ts';

/** An alert that was broken in one place. */
export interface Mutant {
  readonly kind: Kind;
  /** What was changed, between « and », with a little of what stands around it. */
  readonly change: string;
  readonly expr: string;
  readonly for: string;
  readonly keepFiringFor: string | undefined;
}

const around = 40;

/** Every mutant of an alert, each once. */
export function mutantsOf(alert: Alert): readonly Mutant[] {
  const { promql } = alert.expr;
  const edits = nodesOf(promql).flatMap((node) => editsAt(alert, node));
  const mutants = [...edits.map((edit) => ofExpression(alert, edit)), ...ofTiming(alert)];
  return [...new Map(mutants.map((mutant) => [identityOf(mutant), mutant])).values()];
}

function editsAt({ expr }: Alert, node: SyntaxNode): readonly Edit[] {
  const { promql } = expr;
  return [
    ...numberEdits(expr, node),
    ...operatorEdits(node),
    ...sideEdits(promql, node),
    ...boolEdits(node),
    ...groupingEdits(promql, node),
    ...matchingEdits(node),
    ...matcherEdits(promql, node),
    ...functionEdits(promql, node),
    ...rangeEdits(promql, node),
    ...offsetEdits(promql, node),
  ];
}

function ofExpression(alert: Alert, edit: Edit): Mutant {
  const { promql } = alert.expr;
  return {
    ...timing(alert),
    kind: edit.kind,
    change: oneLine(describe(promql, edit)),
    expr: applyEdit(promql, edit),
  };
}

function describe(promql: string, { from, to, text, says }: Edit): string {
  const before = promql.slice(Math.max(0, from - around), from);
  const after = promql.slice(to, to + around);
  return `${before}«${says ?? `${promql.slice(from, to)} → ${text}`}»${after}`;
}

function ofTiming(alert: Alert): readonly Mutant[] {
  const { for: wait, keepFiringFor } = alert;
  const own = { ...timing(alert), expr: alert.expr.promql };
  const waits = secondsOf(wait) === 0 ? [] : ['0s', scaledDuration(wait, 2)];
  return [
    ...waits.map((other) => ({ ...own, kind: 'for' as const, change: `for «${wait} → ${other}»`, for: other })),
    ...(keepFiringFor === undefined
      ? []
      : [
          {
            ...own,
            kind: 'keep_firing_for' as const,
            change: `keep_firing_for «${keepFiringFor} → »`,
            keepFiringFor: undefined,
          },
        ]),
  ];
}

/** The alert as it is, for a run that must pass. */
export function unchanged(alert: Alert): Mutant {
  return { ...timing(alert), kind: 'constant', change: '', expr: alert.expr.promql };
}

function timing(alert: Alert): Pick<Mutant, 'for' | 'keepFiringFor'> {
  return { for: alert.for, keepFiringFor: alert.keepFiringFor };
}

function identityOf(mutant: Mutant): string {
  return JSON.stringify([mutant.expr, mutant.for, mutant.keepFiringFor]);
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}
